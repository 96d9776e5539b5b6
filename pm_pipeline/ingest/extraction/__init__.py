"""Tables of a database, written into landing as a delivery like any other."""
