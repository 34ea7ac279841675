"""The body of a peer's answer as it comes in: unpacked, and never more of it than asked for."""

from __future__ import annotations

import zlib

__all__ = ["ACCEPTED", "AnswerBody", "UnusableBody"]

ACCEPTED = "gzip"
"""What we ask for, and so all that we unpack."""

_GZIP = 16 + zlib.MAX_WBITS


class UnusableBody(ValueError):
    """Too long, or packed in a way that we cannot undo; the text is the reason."""


class AnswerBody:
    """Gathers one body. Its methods raise UnusableBody with the reason for a body that cannot be used."""

    def __init__(self, encoding: str | None, max_bytes: int) -> None:
        name = (encoding or "identity").strip().lower()
        if name not in ("identity", "gzip", "x-gzip"):
            raise UnusableBody("its content encoding is none that we asked for")
        self._unpack = None if name == "identity" else zlib.decompressobj(_GZIP)
        self._max_bytes = max_bytes
        self._chunks: list[bytes] = []
        self._room = max_bytes
        self._received = 0

    def add(self, chunk: bytes) -> None:
        """Take what came over the wire."""
        self._received += len(chunk)
        if self._unpack is not None:
            try:
                # One byte more than there is room for tells a bomb from a body that just fits.
                chunk = self._unpack.decompress(chunk, self._room + 1)
            except zlib.error as error:
                raise UnusableBody(f"its content encoding is broken ({error})") from None
            if self._unpack.unused_data:
                raise UnusableBody("its content encoding is broken (something follows the end)")
        self._room -= len(chunk)
        if self._room < 0 or self._received > self._max_bytes:
            raise UnusableBody(f"it is longer than {self._max_bytes} bytes")
        self._chunks.append(chunk)

    def read(self) -> bytes:
        """The whole body."""
        if self._unpack is not None and self._received and not self._unpack.eof:
            raise UnusableBody("its content encoding is broken (the end is missing)")
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
