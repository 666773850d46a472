"""Letters and other papers, and what comes back."""
