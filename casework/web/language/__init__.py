"""The words of the pages themselves."""
