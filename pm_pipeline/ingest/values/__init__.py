"""From raw text to typed, pseudonymised columns: one SQL projection per table of a contract."""
