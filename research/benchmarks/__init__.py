"""What the functions shared with jax.nn and torch cost and how exact they are: a module for each question.

A benchmark is a module with `QUESTION`, a `Config` of its options, and five functions: `units` names what is
to be measured, `measure` measures one of them and gives rows of plain values, and `answer`, `table` and
`draw` tell what all rows say: in a sentence, in cells, in a picture. Three more are optional: `combine`
merges the rows of units that belong together, `summary` gives columns of the table in the project's README,
each a cell for every function, and `stem` names results of options that are kept beside the usual ones.
`run.py` does everything else.
"""
