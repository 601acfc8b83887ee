"""Activation functions for JAX, each with its mathematics attached."""
