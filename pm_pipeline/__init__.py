"""Process mining for public casework: from case-system exports to published results."""

__version__ = "0.1.0"
