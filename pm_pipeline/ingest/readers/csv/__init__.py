"""CSV: proven regular and read quickly, or read exactly with each broken row explained."""
