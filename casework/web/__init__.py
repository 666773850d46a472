"""The rooms of the house: one blueprint for each noun."""
