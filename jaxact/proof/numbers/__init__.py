"""Numbers of several kinds and what operators mean to them: intervals, jets, exact constants, balls."""
