"""How results look in a terminal: tables, progress, one line of verdict."""
