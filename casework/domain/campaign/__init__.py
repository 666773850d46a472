"""Supporters, and what they do together."""
