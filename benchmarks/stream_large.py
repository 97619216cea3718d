"""The same as ``stream``, each message as long as a message may be."""

from __future__ import annotations

from benchmarks.stream import SCALE, UNIT, contenders, update

__all__ = ["CONTENDERS", "SCALE", "TITLE", "UNIT"]

MESSAGE = update(1006)
assert 4090 <= len(MESSAGE) <= 4096, len(MESSAGE)
TITLE = f"Messages off a socket: 200 UPDATEs of {len(MESSAGE):,} octets"
CONTENDERS = contenders(MESSAGE, 200)
