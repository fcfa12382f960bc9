"""A file as a row of encrypted chunks: written in one pass, read from anywhere, never whole.

Each file has a key of its own. A chunk's nonce is its number and whether it is the last one, so
that chunks can't be exchanged, repeated or cut off (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár).
"""

from __future__ import annotations

import io
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.store.errors import Unreadable

CHUNK = 256 * 1024
TAG = 16


def new_key() -> bytes:
    """A fresh key for one file."""
    return AESGCM.generate_key(bit_length=256)


class SealedWriter:
    """Encrypts what is written into a file; `close` writes the last chunk."""

    def __init__(self, target: BinaryIO, key: bytes, name: str) -> None:
        self._target, self._cipher, self._name = target, AESGCM(key), name.encode()
        self._held = bytearray()
        self._count = 0

    def write(self, data: bytes) -> None:
        """Take more of the plain content."""
        self._held += data
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def close(self) -> None:
        """Write what is held as the last chunk; the target stays open."""
        self._seal(bytes(self._held), last=True)

    def _seal(self, chunk: bytes, last: bool) -> None:
        nonce = _nonce(self._count, last)
        self._target.write(self._cipher.encrypt(nonce, chunk, self._name))
        self._count += 1


class SealedReader(io.RawIOBase):
    """The plain content of a sealed file of `size` bytes, in any order.

    Raises Unreadable where a chunk was changed, moved or cut off.
    """

    def __init__(self, source: BinaryIO, key: bytes, name: str, size: int) -> None:
        super().__init__()
        self._source, self._cipher, self._name = source, AESGCM(key), name.encode()
        self._size, self._at = size, 0
        self._last = max(0, (size - 1) // CHUNK)
        self._number, self._chunk = -1, b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Where the next byte is read from."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the start, from here or from the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the start of the file")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the current chunk goes; returns the count of bytes."""
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, CHUNK)
        data = self._open(number)[start : start + len(buffer)]
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Close the file underneath too."""
        self._source.close()
        super().close()

    def _open(self, number: int) -> bytes:
        if number != self._number:
            self._source.seek(number * (CHUNK + TAG))
            sealed = self._source.read(CHUNK + TAG)
            nonce = _nonce(number, number == self._last)
            try:
                self._chunk = self._cipher.decrypt(nonce, sealed, self._name)
            except InvalidTag:
                raise Unreadable(f"file {self._name.decode()} was changed") from None
            self._number = number
        return self._chunk


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def opened(source: BinaryIO, key: bytes, name: str, size: int) -> BinaryIO:
    """The plain content as a buffered file."""
    return io.BufferedReader(SealedReader(source, key, name, size), CHUNK)
