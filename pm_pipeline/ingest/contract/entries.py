"""A mapping of names to settings, as a file has it, as the list that the model reads."""

from typing import Any


def named_entries(value: Any, what: str, *, header: bool) -> list[dict[str, Any]]:
    """Turn ``{name: {…}}`` into ``[{name: …, …}]``; pydantic then checks each entry."""
    if not isinstance(value, dict) or not value:
        raise ValueError(f"expected {what} as a mapping of name to settings, at least one")
    entries = []
    for name, entry in value.items():
        if not isinstance(entry, dict) or "name" in entry:
            raise ValueError(f"{name}: expected settings as key: value pairs, without 'name'")
        entries.append({"name": name, **({"header": name} if header else {}), **entry})
    return entries
