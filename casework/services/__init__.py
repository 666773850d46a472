"""What a person can do with Casework, one function for each thing."""
