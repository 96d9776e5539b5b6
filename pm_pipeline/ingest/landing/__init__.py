"""Files exactly as they were delivered, and the manifest of each delivery."""
