"""Why something did not enter, and what becomes of it."""
