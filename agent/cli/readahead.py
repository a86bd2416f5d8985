"""Standard input, read ahead of the work: who writes all of it before reading our output is not kept waiting.

A writer and we would wait for each other for ever as soon as both pipes are full. Up to 16 MiB are held.
"""

from __future__ import annotations

import io
import os
import queue
import threading
from typing import BinaryIO, cast

_PIECE = 64 * 1024
_PIECES = 256


class _Ahead(io.RawIOBase):
    """What a thread has read from a file descriptor so far."""

    def __init__(self, descriptor: int) -> None:
        self._pieces: queue.Queue[bytes | OSError] = queue.Queue(_PIECES)
        self._rest = b""
        # It reads the descriptor itself: a lock of sys.stdin held by a thread would break the interpreter's end.
        threading.Thread(target=self._fill, args=(descriptor,), daemon=True).start()

    def _fill(self, descriptor: int) -> None:
        piece: bytes | OSError = b"begin"
        while piece and not isinstance(piece, OSError):
            try:
                piece = os.read(descriptor, _PIECE)
            except OSError as error:
                piece = error
            self._pieces.put(piece)

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray | memoryview) -> int:  # type: ignore[override]
        """Hand over what there is, as much as fits; 0 at the end."""
        if not self._rest:
            piece = self._pieces.get()
            if isinstance(piece, OSError):
                raise piece
            if not piece:
                self._pieces.put(piece)  # the end stays the end
            self._rest = piece
        size = min(len(into), len(self._rest))
        into[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def ahead(source: BinaryIO) -> BinaryIO:
    """``source``, read ahead; itself where it is no open file (a test's buffer)."""
    try:
        descriptor = source.fileno()
    except (OSError, ValueError):
        return source
    return cast(BinaryIO, io.BufferedReader(_Ahead(descriptor), _PIECE))
