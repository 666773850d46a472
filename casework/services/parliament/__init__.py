"""MPs, their offices, and what they answer."""
