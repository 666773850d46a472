"""Where the unpacked postcodes lie, so that they are unpacked once and then only opened."""

import mmap
import os
import threading
from contextlib import suppress
from pathlib import Path

from casework.domain.errors import SettingsError
from casework.reference.directory.packing import digest_of, unpack
from casework.reference.directory.postcodes import Postcodes
from casework.settings import load_settings

_ENOUGH_FOR_DIGEST = 128  # bytes


def open_postcodes(packed_file: Path, cache_dir: Path | None = None) -> Postcodes:
    """The postcodes of a packed file, unpacked at the first use and opened from the cache afterwards.

    When the cache cannot be written they are unpacked into memory instead.
    Raises DamagedPostcodes when the packed file is not what was packed.
    """
    with packed_file.open("rb") as file:
        digest = digest_of(file.read(_ENOUGH_FOR_DIGEST))
    raw_file = (cache_dir or cache_folder()) / f"postcodes-{digest[:16]}.raw"
    try:
        return Postcodes(_mapped(raw_file))
    except (OSError, ValueError):  # not there yet, or cut short, or from another machine
        raw = unpack(packed_file.read_bytes())
        _keep(raw_file, raw)
        return Postcodes(memoryview(raw))


def cache_folder() -> Path:
    """The folder for unpacked postcodes: in the instance if there is one, else in the user's own cache.

    Nothing personal is ever kept there.
    """
    try:
        instance = load_settings().instance
    except SettingsError:  # looking up a postcode works without a sound instance
        instance = None
    if instance and instance.is_dir():
        return instance / "cache"
    own = os.environ.get("XDG_CACHE_HOME")
    return (Path(own) if own else Path.home() / ".cache") / "casework"


def _mapped(raw_file: Path) -> memoryview:
    with raw_file.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _keep(raw_file: Path, raw: bytes) -> None:
    """Write the whole file or nothing. A folder that cannot be written is no reason to stop."""
    half_done = raw_file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    try:
        raw_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half_done.write_bytes(raw)
        half_done.replace(raw_file)
    except OSError:
        with suppress(OSError):
            half_done.unlink()
