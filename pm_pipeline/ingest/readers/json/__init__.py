"""JSON documents, pages of records and JSON Lines, record by record."""
