"""Casework: the toolkit with which a support group fights one person's deportation."""
