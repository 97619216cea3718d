"""Messages that were heard, many at a time: the octets of MRT records, and beside them what such records cannot say.

In this form what is heard runs through the kernels that archives run through: into lines, columns and files, without an
object for each route.
"""

from __future__ import annotations

import io
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import load
from bgpwire.columns.reader import BATCH_SIZE, Columns
from bgpwire.columns.schema import Source
from bgpwire.errors import DecodeError
from bgpwire.listen.contexts import source_member
from bgpwire.mrt.kernels import BGP4MP_FORMS, RecordWalker, RouteDecoder
from bgpwire.numbers.mrt import BGP4MP_ET
from bgpwire.route.kernels import Event, routes_of
from bgpwire.text.kernels import iter_lines
from bgpwire.text.lines import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire._python.heard import records_apart, records_of_archive
    from bgpwire.listen.contexts import Context, Contexts
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Route
else:
    _heard = load("heard")
    records_apart, records_of_archive = _heard.records_apart, _heard.records_of_archive

__all__ = ["HEADER", "Records", "interface_at"]

HEADER: Final = Struct(">IHHI")
"""Of a record: seconds, type, subtype, octets behind it (RFC 6396 section 2)."""
_SIZES: Final = (0, 4, 16)
"""Octets of an address, by address family."""
_SIZE: Final = 1 << 20
"""Octets of lines that are made at a time."""


class Records:
    """``octets`` are BGP4MP records (RFC 6396 section 4.4), each of one message; the interface index of a record is the
    number of its context. A message that such a record cannot hold has the address family 0, and no addresses.
    """

    def __init__(self, octets: bytes, contexts: Contexts, messages: int) -> None:
        self.octets = octets
        self.contexts = contexts
        self.messages = messages
        """How many there are."""

    def __len__(self) -> int:
        return self.messages

    def __repr__(self) -> str:
        return f"<Records of {self.messages} messages, {len(self.octets)} octets>"

    def places(self) -> Iterator[tuple[int, int, Context]]:
        """Where each record begins and ends, and its context."""
        octets, contexts = self.octets, self.contexts.all
        at = 0
        while at < len(octets):
            _, kind, subtype, size = HEADER.unpack_from(octets, at)
            end = at + 12 + size
            place = interface_at(at, kind, subtype)
            yield at, end, contexts[octets[place] << 8 | octets[place + 1]]
            at = end

    def events(self) -> Iterator[Event]:
        """The messages, and changes of state, which are what archives have for them."""
        for record in RecordWalker(io.BytesIO(self.octets).read, _no).events():
            event, states = self._event(record)
            if states:
                RouteDecoder().routes_of(event)  # who decodes it says the rest of it
            yield event

    def routes(self, on_fault: Callable[[Event, DecodeError], object] | None = None) -> Iterator[Route]:
        """The routes of all UPDATEs, and the changes of state. A message whose routes cannot be read goes to
        ``on_fault``; those that can be read of it are given."""
        for record in RecordWalker(io.BytesIO(self.octets).read, _no).events():
            try:
                yield from self._routes_of(record)
            except DecodeError as error:
                if on_fault is not None:
                    on_fault(self._event(record)[0], error)
                yield from getattr(error, "routes", ())

    def text(
        self, format: str, filter: Filter | None = None, on_fault: Callable[[Event, DecodeError], object] | None = None
    ) -> bytes:
        """The routes as lines: ``bgpdump``, ``json`` or ``psv``, without a header (docs/routes.md).

        JSON lines begin with ``source`` where that is known, and have ``rib`` and ``distinguisher`` behind the peer.
        A message whose routes cannot be read goes to ``on_fault``; the routes that can be read of it have lines. Those
        of ``bgpdump`` are what it prints of :meth:`archive`.
        """
        line: Callable[[Route], str] = FORMATS[format][0]()
        marks = None
        if format == "json":
            line, marks = _with_source(line), self.contexts.marks
        if format == "bgpdump":
            # Whose lines name the type of the record: they are those of an archive.
            begin = self._reader(self.archive()[0], on_fault, RouteDecoder())
        else:
            begin = self._reader(self.octets, on_fault)
        return b"".join(begin(iter_lines, format, line, _SIZE, filter, marks))

    def columns(
        self,
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        batch_size: int = BATCH_SIZE,
        on_fault: Callable[[Event, DecodeError], object] | None = None,
    ) -> Columns:
        """The same as columns (docs/columns.md), one reading for each source and table of theirs."""
        sources: dict[Source, int] = {}
        numbers = [sources.setdefault(_source_of(context), len(sources)) for context in self.contexts.all]
        # Of one source, as they mostly are, nothing is moved.
        parts = [self.octets] if len(sources) < 2 else records_apart(self.octets, numbers, len(sources))
        readings = [
            (source, self._reader(octets, on_fault)) for source, octets in zip(sources, parts, strict=True) if octets
        ]
        return Columns(lambda: readings, fields, filter, batch_size)

    def archive(self) -> tuple[bytes, int]:
        """The records as they stand in an archive, and how many messages it has no place for (RFC 8050: routes with
        path identifiers and without in one UPDATE)."""
        return records_of_archive(self.octets, [context.peer.interface or 0 for context in self.contexts.all])

    def _reader(
        self,
        octets: bytes,
        on_fault: Callable[[Event, DecodeError], object] | None,
        decoder: RouteDecoder | None = None,
    ) -> Callable[..., Any]:
        def fault(record: Event, error: DecodeError) -> None:
            if on_fault is not None:
                on_fault(record if decoder is not None else self._event(record)[0], error)

        def begin(make: Callable[..., Any], *arguments: Any) -> Any:
            walker = RecordWalker(io.BytesIO(octets).read, _no)
            return make(walker, decoder or _Decoder(self), fault, _no, _no, *arguments)

        return begin

    def _routes_of(self, record: Event) -> list[Route]:
        event, states = self._event(record)
        return RouteDecoder().routes_of(event) if states else routes_of(event)

    def _event(self, record: Event) -> tuple[Event, bool]:
        """What was heard, of the record that carries it; and whether it is a change of state."""
        kind, subtype, data = record.mrt_type or 0, record.mrt_subtype or 0, record._data
        place = interface_at(0, kind, subtype) - 12
        peer, session, source = self.contexts.all[data[place] << 8 | data[place + 1]]
        if BGP4MP_FORMS[subtype][2]:
            octets = data[:place] + (peer.interface or 0).to_bytes(2) + data[place + 2 :]
            walker = RecordWalker(io.BytesIO(HEADER.pack(record.seconds, kind, subtype, len(data)) + octets).read, _no)
            walker._file = source
            return next(walker.events()), True
        begin = place + 4 + 2 * _SIZES[data[place + 3]]
        micro = int.from_bytes(data[:4]) if kind == BGP4MP_ET else None
        return Event(data[begin:], record.seconds, micro, peer, session, file=source), False


class _Decoder:
    """Decodes records with their contexts: what a :class:`RouteDecoder` is for the kernels that take one."""

    add_path: frozenset[tuple[int, int]] = frozenset()

    def __init__(self, records: Records) -> None:
        self.routes_of = self._runs_of = records._routes_of


def _with_source(line: Callable[[Route], str]) -> Callable[[Route], str]:
    def marked(route: Route) -> str:
        return f"{{{source_member(route.event.file)}{line(route)[1:]}"

    return marked


def _source_of(context: Context) -> Source:
    peer = context.peer
    return Source(context.source, peer.rib, None if peer.distinguisher is None else str(peer.distinguisher))


def interface_at(at: int, kind: int, subtype: int) -> int:
    """Where the interface index of the record stands that begins at ``at``."""
    return at + (16 if kind == BGP4MP_ET else 12) + 2 * BGP4MP_FORMS[subtype][0]


def _no(*_: object) -> None:
    """Hears what nobody asked for."""
