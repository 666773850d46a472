"""What happens, and the dates that run from it."""
