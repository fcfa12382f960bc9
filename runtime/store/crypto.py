"""Encryption at rest: AES-256-GCM with the place of a value as associated data.

A sealed value opens only in the table, row and column that it was sealed for, so that copying a
cipher text into another row is found out. Layout: version, length of key id, key id, nonce (12),
cipher text with tag (16).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.store.errors import Unreadable
from runtime.store.keys import KeyRing

VERSION = 1
NONCE_BYTES = 12

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: `json.dumps` makes an encoder for each call that isn't plain."""


class Vault:
    """Seals and opens values, and makes blind indexes, with the keys of one ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ciphers = {key.id: AESGCM(key.derive("record")) for key in ring.keys}
        self._index_keys = tuple(key.derive("index") for key in ring.keys)
        newest = ring.newest.id
        self._header = bytes([VERSION, len(newest)]) + newest.encode("ascii")
        self._newest = self._ciphers[newest]

    def seal(self, table: str, record: str, column: str, value: Any) -> bytes:
        """A JSON value, encrypted for one place."""
        return self.seal_bytes(table, record, column, _to_json(value).encode())

    def open(self, table: str, record: str, column: str, sealed: bytes) -> Any:
        """The JSON value that was sealed for this place.

        Raises:
            Unreadable: no key of the ring fits, or the bytes were changed or moved.
        """
        return json.loads(self.open_bytes(table, record, column, sealed))

    def seal_bytes(self, table: str, record: str, column: str, plain: bytes) -> bytes:
        """Bytes, encrypted for one place."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        place = _place(table, record, column)
        return self._header + nonce + self._newest.encrypt(nonce, plain, place)

    def open_bytes(self, table: str, record: str, column: str, sealed: bytes) -> bytes:
        """The bytes that were sealed for this place.

        Raises:
            Unreadable: no key of the ring fits, or the bytes were changed or moved.
        """
        sealed = bytes(sealed)
        start = 2 + sealed[1] if len(sealed) > 2 else 2
        cipher = self._ciphers.get(sealed[2:start].decode("ascii", "replace"))
        if cipher is None or sealed[0] != VERSION:
            raise Unreadable(f"{table}.{column} is sealed with a key that is not in the ring")
        nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, _place(table, record, column))
        except (InvalidTag, ValueError):
            raise Unreadable(f"{table}.{column} was changed or moved") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether a sealed value uses the newest key."""
        return bytes(sealed[: len(self._header)]) == self._header

    def index(self, kind: str, value: str) -> str:
        """A blind index (HMAC-SHA256): equal values are found, none can be read back."""
        return self.indexes(kind, value)[0]

    def indexes(self, kind: str, value: str) -> tuple[str, ...]:
        """The blind index under every key of the ring, the newest first: what to look for."""
        message = f"{kind}\x00{value}".encode()
        return tuple(hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._index_keys)


def _place(table: str, record: str, column: str) -> bytes:
    return f"{table}/{record}/{column}".encode()
