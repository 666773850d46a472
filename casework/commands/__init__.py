"""The words of the terminal: one module for each group of commands."""
