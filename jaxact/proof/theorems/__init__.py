"""Theorems of the literature about activations, each proved by a call that returns its certificate."""
