"""Constraints: what of a process always, or nearly always, holds, whatever the rest of its path."""
