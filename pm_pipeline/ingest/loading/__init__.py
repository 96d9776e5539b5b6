"""One delivery from landing into the lake, whole or not at all."""
