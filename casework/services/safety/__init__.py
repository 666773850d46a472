"""Who gets in, what is kept, and how it goes."""
