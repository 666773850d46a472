"""The directory: constituencies, members, postcodes and places of detention, compiled and dated."""

from casework.reference.directory.reader import Directory, directory

__all__ = ["Directory", "directory"]
