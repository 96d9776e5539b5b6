"""From a delivered file to typed, pseudonymised Parquet in the lake of one municipality."""
