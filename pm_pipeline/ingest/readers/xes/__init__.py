"""Event logs in XES (IEEE 1849): plain pieces quickly, everything else exactly."""
