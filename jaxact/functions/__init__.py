"""The activations, one module per family; the only place to add one."""
