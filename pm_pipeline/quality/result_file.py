"""A result of quality as a file: seen whole or not at all."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_whole(rows: pa.Table, path: Path, about: Mapping[str, str] | None = None) -> None:
    """Write ``path`` by temporary file and rename; ``about`` is kept in the file's own metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        pq.write_table(
            rows.replace_schema_metadata(dict(about or {})), temporary, compression="zstd"
        )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
