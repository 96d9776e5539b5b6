"""How well a model fits the log it is judged by, one measure a module."""
