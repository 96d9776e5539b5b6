"""What the rules say about the facts of one municipality: counts only."""
