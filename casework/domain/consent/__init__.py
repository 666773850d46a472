"""What the person agreed to, and who may know what."""
