"""The rules of the field: plain Python, values in and values out."""
