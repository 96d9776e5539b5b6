"""Conformance: where cases leave a model, discovered or written down as a reference."""
