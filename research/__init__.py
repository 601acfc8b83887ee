"""Questions asked with jaxact, one folder each: a claim, the command that answers it, its results."""
