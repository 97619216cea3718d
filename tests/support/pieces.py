"""A source that gives its octets in small pieces."""

from __future__ import annotations


class Pieces:
    """``read`` gives ``size`` octets, whatever it is asked for, and what is left at the end."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size, self.at = data, size, 0

    def read(self, size: int = -1) -> bytes:
        piece = self.data[self.at : self.at + self.size]
        self.at += len(piece)
        return piece
