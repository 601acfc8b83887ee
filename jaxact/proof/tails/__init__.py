"""Functions near infinity, and beside points at which they are not smooth."""
