"""What is kept on the disk: the encrypted database and the archive."""
