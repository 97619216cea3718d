"""What the octets of a record do not say of a message that was heard: from whom, in which session, by which source."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Final, NamedTuple

from bgpwire.text.jsonl import table_members

if TYPE_CHECKING:
    from bgpwire.route.kernels import Peer
    from bgpwire.session import Session

__all__ = ["MOST", "Context", "Contexts", "source_member"]

MOST: Final = 1 << 16
"""So many have a number of two octets."""


class Context(NamedTuple):
    """Whom a message is of, how it is read, and who heard it: a router of BMP, a collector, a file."""

    peer: Peer
    session: Session
    source: str | None


class Contexts:
    """Numbers for contexts, and the contexts again; at most :data:`MOST`."""

    def __init__(self) -> None:
        self.all: list[Context] = []
        self.marks: list[tuple[bytes, bytes]] = []
        """What JSON lines have for each of them: in front of all members, and behind those of the peer."""
        self._numbers: dict[tuple[int, int, str | None], int] = {}

    def number(self, context: Context) -> int | None:
        """The number of a context; ``None`` if it is new, and there is none left."""
        # Who hears has one object for a peer and one for a session, and both are held here: to compare what is in them
        # takes longer than to decode an UPDATE.
        key = id(context.peer), id(context.session), context.source
        found = self._numbers.get(key)
        if found is None:
            found = len(self.all)
            if found == MOST:
                return None
            self._numbers[key] = found
            self.all.append(context)
            self.marks.append(marks(context))
        return found


def marks(context: Context) -> tuple[bytes, bytes]:
    """The members of a JSON line that a context gives: ``source``, and the table of the peer."""
    return source_member(context.source).encode(), table_members(context.peer).encode()


def source_member(source: str | None) -> str:
    """What a JSON line begins with, behind its brace."""
    return "" if source is None else f'"source":{dumps(source)},'
