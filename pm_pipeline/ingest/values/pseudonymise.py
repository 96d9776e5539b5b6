"""Keyed pseudonyms: HMAC-SHA256 with a key of the municipality's own.

An unkeyed hash of a CPR number is reversed by trying all of them; without the key this is not
possible, and the same citizen has different pseudonyms in two municipalities.
"""

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

import pyarrow as pa

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Table

KEY_BYTES = 32
PSEUDONYM_CHARACTERS = 32
_REMEMBERED = 200_000


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
        self._known: dict[tuple[str, str], str] = {}

    @property
    def key_id(self) -> str:
        """12 hex characters that tell keys apart and do not give the key away."""
        return hmac.digest(self._key, b"key-id", "sha256").hex()[:12]

    def pseudonym(self, domain: str, value: str) -> str:
        """32 hex characters (128 bits) for a value of a domain (citizen, case, staff, record)."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{domain}|{value}".encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:PSEUDONYM_CHARACTERS]

    def pseudonymise(self, rows: pa.Table, table: Table) -> pa.Table:
        """``rows`` with every identifier column of the contract replaced by pseudonyms."""
        for column in table.kept_columns:
            if column.type != "identifier":
                continue
            encoded = rows[column.name].combine_chunks().dictionary_encode()
            domain = str(column.domain)
            # Citizens return in every batch; the numbers of records do not.
            lookup = self._looked_up if domain != "record" else self.pseudonym
            pseudonyms = [lookup(domain, str(value)) for value in encoded.dictionary.to_pylist()]
            array = pa.array(pseudonyms, pa.string()).take(encoded.indices)
            position = rows.schema.get_field_index(column.name)
            rows = rows.set_column(position, column.name, array)
        return rows

    def _looked_up(self, domain: str, value: str) -> str:
        known = self._known.get((domain, value))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[(domain, value)] = self.pseudonym(domain, value)
        return known


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
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise PipelineError(
            f"{path}: the key file cannot be opened as a regular file ({error.strerror})."
        ) from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise PipelineError(f"{path}: expected a regular file as key.")
    with os.fdopen(handle, "rb") as file:
        if status.st_mode & 0o077:
            raise PipelineError(
                f"{path}: others may read the key (mode {stat.S_IMODE(status.st_mode):04o}). "
                f"Expected 0600: chmod 600 {path}"
            )
        content = file.read(1024)
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
