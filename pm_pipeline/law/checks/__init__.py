"""How the rows of the seeds agree with each other: one module per kind of row."""
