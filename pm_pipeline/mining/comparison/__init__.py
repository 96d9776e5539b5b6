"""Two groups side by side: what differs between them, by how much, and what may be said of it."""
