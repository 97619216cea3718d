"""What is built here, as others read it: messages of values, and the values that must come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import bgpwire

type Scopes = dict[str, Any]
"""What stands in one part of a message, by the part's name: ``attribute 5``, ``nlri``, ``capability 65`` …"""


@dataclass(frozen=True)
class Case:
    """One message: how it was made, in which session it is sent, and the values that were put in.

    ``session`` is the sender's, so its ``add_path_send`` names the families with path identifiers. ``codes`` are the
    path attributes in the order in which they stand, ``family`` that of the NLRI of an UPDATE. ``vector`` is the file
    that the values come from, as docs/coverage.toml names it, ``own`` are the parts that have them, and ``wire`` the
    octets of them that the vector has.
    """

    name: str
    kind: str
    octets: bytes
    session: bgpwire.Session
    put: Scopes = field(repr=False)
    family: tuple[int, int] | None = None
    codes: tuple[int, ...] = ()
    vector: str = ""
    own: frozenset[str] = frozenset()
    wire: bytes = field(default=b"", repr=False)

    @property
    def add_path(self) -> bool:
        """Whether the NLRI have path identifiers."""
        return self.family in self.session.add_path_send
