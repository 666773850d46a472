"""The case itself: whom it is about, where they are, what is to do and who does it."""
