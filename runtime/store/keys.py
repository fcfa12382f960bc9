"""The key ring: which keys there are, which one is new, and how they come into this process.

`YIBIAO_KEYS` holds `id:base64` pairs, separated by commas, the newest first: it encrypts, all of
them decrypt. To rotate, put a new pair in front, run `Store.rotate`, then drop the old pair.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VARIABLE = "YIBIAO_KEYS"
FILE = "development.keys"
KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """One master key. What encrypts and what indexes are derived from it, never itself."""

    id: str
    secret: bytes

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose (HKDF, RFC 5869)."""
        info = f"yibiao {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self.secret)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys, the newest first."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        """The key that encrypts."""
        return self.keys[0]


def read_ring(text: str) -> KeyRing:
    """The ring that a text like `2026-11:base64,2025-06:base64` describes.

    Raises:
        ValueError: a pair can't be read, an id is twice there, or a key isn't 32 bytes. The
            message never shows a key.
    """
    keys = tuple(_read_pair(pair) for pair in re.split(r"[,\s]+", text.strip()) if pair)
    if not keys or len({key.id for key in keys}) != len(keys):
        raise ValueError(f"{VARIABLE} needs at least one key, each with an id of its own")
    return KeyRing(keys)


def _read_pair(pair: str) -> Key:
    name, colon, encoded = pair.partition(":")
    if not colon or not KEY_ID.fullmatch(name):
        raise ValueError(f"{VARIABLE}: each key is written as id:base64")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"{VARIABLE}: key {name} is not base64") from None
    if len(secret) != KEY_BYTES:
        raise ValueError(f"{VARIABLE}: key {name} must have {KEY_BYTES} bytes, not {len(secret)}")
    return Key(name, secret)


def new_pair(name: str) -> str:
    """A fresh key as `id:base64`."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def open_ring(data: Path, environ: Mapping[str, str] = os.environ) -> KeyRing:
    """The ring of the environment, else the development key in the data folder.

    The development key is made at the first start, readable by its owner only, and each start
    warns of it: whoever copies the folder has the data and the key.

    Raises:
        ValueError: see `read_ring`.
    """
    if environ.get(VARIABLE):
        return read_ring(environ[VARIABLE])
    path = data / FILE
    if not path.exists():
        _make_file(path)
    logger.warning("%s is not set: personal data is encrypted with %s", VARIABLE, path)
    return read_ring(path.read_text(encoding="ascii"))


def _make_file(path: Path) -> None:
    """Write a whole file aside and link it: of two first starts, one wins and both read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(new_pair("development") + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
