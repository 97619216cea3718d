"""A part of an archive that can be read alone."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Piece"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Records of one file, from one boundary to another: small, hashable, picklable.

    A piece that is a whole file has nothing but its name and its place in the order.
    """

    index: int
    """Its place in the order, from 0."""
    file: str
    """The name, under which whoever reads the piece must find the file too."""
    start: int = 0
    """Where its first record begins in the decompressed file: what the column ``offset`` says of that record."""
    end: int | None = None
    """Where the one behind its last record begins; ``None``: it goes to the end of the file."""
    at: int = 0
    """Where reading begins in the file as it lies there: at ``start``, or at the frame of zstd that has it."""
    skip: int = 0
    """Decompressed octets from there to ``start``."""
    compression: str | None = None
    """``zstd``, or ``None`` of a plain file; of what is cut, and so of no other format."""
    size: int | None = None
    """Octets of the file when it was cut; ``None``: it is not cut."""
    peers: bytes = field(default=b"", repr=False)
    """The PEER_INDEX_TABLE record that RIB records at ``start`` refer to, its header included; empty: there is none."""

    @property
    def whole(self) -> bool:
        """Whether it is the whole file."""
        return self.size is None

    def __str__(self) -> str:
        if self.size is None:
            return self.file
        return f"{self.file}[{self.start}:{'' if self.end is None else self.end}]"
