"""The nine criteria of a good activation, one module each, and `check`, which runs them.

Here belongs what passes a judgement on a function; what merely computes with it stands in `gaussian` or
`proof`.
"""
