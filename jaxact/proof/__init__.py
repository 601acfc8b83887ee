"""Rigorous enclosures: what is shown here holds for every real number, rounding included."""
