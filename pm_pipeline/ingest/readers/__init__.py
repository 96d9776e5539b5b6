"""One module per file format; each yields batches of raw text in constant memory."""
