"""Functions as programs: from JAX, from formulas, and what is read off their expressions."""
