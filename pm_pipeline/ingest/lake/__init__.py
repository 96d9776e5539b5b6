"""The typed, pseudonymised Parquet files of one municipality, and how they get there."""
