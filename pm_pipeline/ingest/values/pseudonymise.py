"""Keyed pseudonyms: HMAC-SHA256 with a key of the municipality's own.

An unkeyed hash of a CPR number is reversed by trying all of them; without the key this is not
possible, and the same citizen has different pseudonyms in two municipalities.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.private_files import read_secret

KEY_BYTES = 32
PSEUDONYM_CHARACTERS = 32
_DIGEST_BYTES = PSEUDONYM_CHARACTERS // 2
_REMEMBERED = 50_000
_FEW = 1_000


class Pseudonymiser:
    """Turns identifiers into pseudonyms under one key. The key never leaves the object."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._key = key
        # HMAC with its two key blocks hashed once: half the time per value of hmac.digest.
        padded = key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._known: dict[str, dict[str, bytes]] = {}
        self._varied: set[str] = set()

    @property
    def key_id(self) -> str:
        """12 hex characters that tell keys apart and do not give the key away."""
        return hmac.digest(self._key, b"key-id", "sha256").hex()[:12]

    def pseudonym(self, domain: str, value: str) -> str:
        """32 hex characters (128 bits) for a value of a domain (citizen, case, staff, record)."""
        return self._digests(domain, [value])[0][:_DIGEST_BYTES].hex()

    def pseudonymise(self, rows: pa.Table, table: Table) -> pa.Table:
        """``rows`` with every identifier column of the contract replaced by pseudonyms."""
        for column in table.kept_columns:
            if column.type != "identifier":
                continue
            values = rows[column.name].combine_chunks()
            position = rows.schema.get_field_index(column.name)
            rows = rows.set_column(
                position, column.name, self._pseudonyms(str(column.domain), column.name, values)
            )
        return rows

    def _pseudonyms(self, domain: str, name: str, values: Any) -> Any:
        if name not in self._varied:
            encoded = values.dictionary_encode()
            # Citizens return in every batch; the numbers of records hardly do.
            if len(encoded.dictionary) * 2 > len(values) > _FEW:
                self._varied.add(name)
            return self._of_distinct(domain, encoded.dictionary).take(encoded.indices)
        filled = values.drop_null() if values.null_count else values
        made = _as_hex(self._digests(domain, filled.to_numpy(zero_copy_only=False).tolist()))
        if not values.null_count:
            return made
        # The place of each value among those that are there; null where none is.
        is_there = values.is_valid().to_numpy(zero_copy_only=False)
        places = pa.array(np.cumsum(is_there) - 1, pa.int64(), mask=~is_there)
        return made.take(places)

    def _of_distinct(self, domain: str, values: Any) -> Any:
        texts = values.to_numpy(zero_copy_only=False).tolist()
        known = self._known.setdefault(domain, {})
        new = [text for text in texts if text not in known]
        if len(known) + len(new) > _REMEMBERED:
            known.clear()
            new = texts
        known.update(zip(new, self._digests(domain, new), strict=True))
        return _as_hex([known[text] for text in texts])

    def _digests(self, domain: str, values: list[str]) -> list[bytes]:
        """The whole HMAC (32 bytes) of each value."""
        inner = self._inner.copy()
        inner.update(f"{domain}|".encode())
        start, close = inner.copy, self._outer.copy
        made = []
        for value in values:
            first, last = start(), close()
            first.update(value.encode())
            last.update(first.digest())
            made.append(last.digest())
        return made


def _as_hex(digests: list[bytes]) -> Any:
    """The first half of each digest as a text column."""
    if not digests:
        return pa.array([], pa.string())
    halves = np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)
    text = halves[:, :_DIGEST_BYTES].tobytes().hex().encode()
    offsets = np.arange(len(digests) + 1, dtype=np.int32) * PSEUDONYM_CHARACTERS
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.string(), len(digests), buffers)


class Keyring:
    """The keys in a folder: one file ``<municipality>.key`` each, mode 0600, folder 0700."""

    def __init__(self, key_dir: Path) -> None:
        self._dir = key_dir

    def path(self, municipality_id: str) -> Path:
        """Where the key of a municipality lies (or will lie)."""
        return self._dir / f"{municipality_id}.key"

    def exists(self, municipality_id: str) -> bool:
        """Whether there is a key file, sound or not."""
        return self.path(municipality_id).is_symlink() or self.path(municipality_id).exists()

    def pseudonymiser(self, municipality_id: str, *, create: bool = True) -> Pseudonymiser:
        """The municipality's pseudonymiser; makes its key on first use unless ``create`` is false.

        Raises PipelineError for a key file that others may read, that is no regular file, that has
        the wrong length, or that is not there and may not be made.
        """
        path = self.path(municipality_id)
        if not self.exists(municipality_id):
            if not create:
                raise PipelineError(
                    f"{path}: the key of municipality {municipality_id} is not there. Put the key "
                    "file back; another key would give every citizen another pseudonym."
                )
            self._create(path)
        return Pseudonymiser(_read_key(path))

    def _create(self, path: Path) -> None:
        try:
            self._dir.mkdir(parents=True, mode=0o700, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, secrets.token_hex(KEY_BYTES).encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
            try:
                # A link fails where another process was first; its key is then the one to use.
                os.link(temporary, path)
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        except OSError as error:
            raise PipelineError(
                f"{path}: the key cannot be made ({error.strerror}). Check PM_KEY_DIR."
            ) from None


def _read_key(path: Path) -> bytes:
    content = read_secret(path, "key")
    if len(content) == KEY_BYTES:
        return content
    try:
        key = bytes.fromhex(content.decode("ascii").strip())
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise PipelineError(
            f"{path}: expected a key of {KEY_BYTES} bytes, raw or as {2 * KEY_BYTES} hex "
            f"characters, found {len(content)} bytes of something else. Put the right key back."
        )
    return key
