"""The page to the sender of a delivery: what failed, how many, which field, what to mend. No value."""
