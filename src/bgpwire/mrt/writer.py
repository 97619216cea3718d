"""MRT files written (RFC 6396, RFC 8050): records as they were read, messages, changes of state, tables."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import Address
from bgpwire.afi_safi import IPV4_UNICAST
from bgpwire.errors import DecodeError
from bgpwire.every_family import EveryFamily
from bgpwire.message import Message, Update
from bgpwire.mrt.bgp4mp_fields import head_octets
from bgpwire.mrt.kernels import BGP4MP_FORMS, RIB_FORMS, Record
from bgpwire.mrt.output import Output
from bgpwire.mrt.resync import MAX_RECORD
from bgpwire.mrt.table_records import PeerTable, rib_octets
from bgpwire.numbers import mrt
from bgpwire.numbers.mrt_subtype import PEER_INDEX_TABLE
from bgpwire.remembered import remember
from bgpwire.route.kernels import Peer
from bgpwire.value.octets import unfit

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from typing import BinaryIO

    from bgpwire.afi_safi import Family
    from bgpwire.mrt.body_table import PeerEntry
    from bgpwire.mrt.table_records import Entry
    from bgpwire.nlri.collection import AnyNlri
    from bgpwire.route.kernels import Event

__all__ = ["Writer"]

_SUBTYPES = {form: subtype for subtype, form in BGP4MP_FORMS.items()}
"""By octets of an AS number, ADD-PATH, whether it is states, whether the collector sent it."""
_BGP4MP_TYPES = (mrt.BGP4MP, mrt.BGP4MP_ET, mrt.EARLY_BGP4MP, mrt.EARLY_BGP4MP_ET)
_MAX_PEERS = 1 << 12


class Writer:
    """Writes an MRT file: ``with mrt.Writer("updates.mrt.gz") as out: …``.

    ``target`` is a path, whose name says how it is compressed (``.gz``, ``.bz2``, ``.xz``, ``.zst``, or not at all) and
    which is replaced if it is there, or a binary file object, which takes plain octets and stays open. OSError if the
    path cannot be opened, ImportError for ``.zst`` without a library that compresses.

    Times are ``seconds`` since 1970, and ``microseconds`` where the record is to have them (BGP4MP_ET); ``None`` where
    it is not. What does not fit its field raises ValueError, which names the field, and nothing of the record is
    written: the file holds whole records only, also where an exception ends the ``with``. They wait to be written many
    at a time; :meth:`flush` hands them on.
    """

    def __init__(self, target: str | os.PathLike[str] | BinaryIO) -> None:
        self._output = Output(target)
        self._heads: dict[tuple[Peer, int], bytes] = {}
        self._table: PeerTable | None = None
        self._table_seconds = 0
        self._sequence = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<mrt.Writer {self._output.name}{', closed' if self._output.closed else ''}>"

    def flush(self) -> None:
        """Hand all records on to the file, so that a reader finds them. What compresses ends a stream: that takes a few
        octets."""
        self._output.flush()

    def close(self) -> None:
        """Write what waits, and close the file if it was opened here."""
        self._output.close()

    def record(self, record: Record) -> None:
        """A record as it was read, of any type, octet for octet.

        A PEER_INDEX_TABLE is that of the RIB records behind it, and their numbers go on, as if it were of
        :meth:`peer_table`.
        """
        if record.type == mrt.TABLE_DUMP_V2:
            self._follow(record)
        self._output.put(bytes(record))

    def event(self, event: Event) -> None:
        """An event: the record that it came in, octet for octet, or its message as a BGP4MP record.

        One of another source, or that was pickled, has its message and no record, and a peer is needed (ValueError).
        """
        if event._has_record:
            self.record(event._record())
            return
        message = event.message
        if message is None or event.peer is None:
            raise ValueError(f"an event without {'a message' if message is None else 'a peer'}, and of no MRT record")
        form = BGP4MP_FORMS.get(-1 if event.mrt_subtype is None else event.mrt_subtype)
        local = event.mrt_type in _BGP4MP_TYPES and form is not None and form[3]
        self.message(message, event.peer, event.seconds, event.microseconds, local=local)

    def message(
        self, message: Message, peer: Peer, seconds: int, microseconds: int | None = None, *, local: bool = False
    ) -> None:
        """A BGP message from ``peer``, or, ``local``, to it (BGP4MP_MESSAGE and its kin, RFC 6396 section 4.4).

        The subtype follows of the session in which the message is read: AS numbers of 2 or 4 octets (``asn4``), and
        path identifiers (``add_path``). The ADD-PATH subtypes (RFC 8050 section 3) say that all NLRI of a message have
        those: ValueError if some families of one UPDATE have them and others have not. What ``peer`` does not know of
        the collector (AS number, address, interface) is written as 0; ValueError for a peer without an address, and for
        an AS number above 65,535 where the session has 2 octets.
        """
        if not isinstance(message, Message):
            raise TypeError(f"a Message is needed, not {type(message).__name__}")
        octets = message.data
        if len(octets) < 19 or int.from_bytes(octets[16:18]) != len(octets):
            raise ValueError(f"message: its header does not say that it has {len(octets)} octets")
        asn4 = message.session.asn4
        subtype = _SUBTYPES[4 if asn4 else 2, _has_path_ids(message), False, bool(local)]
        self._bgp4mp(subtype, octets, peer, seconds, microseconds)

    def state_change(
        self,
        old_state: int,
        new_state: int,
        peer: Peer,
        seconds: int,
        microseconds: int | None = None,
        *,
        asn4: bool = True,
    ) -> None:
        """A change of the state of the session with ``peer`` (RFC 4271 section 8.2.2: 1 Idle to 6 Established).

        BGP4MP_STATE_CHANGE_AS4 or, not ``asn4``, BGP4MP_STATE_CHANGE (RFC 6396 sections 4.4.1 and 4.4.4).
        """
        states = _number("old_state", old_state, 2) + _number("new_state", new_state, 2)
        self._bgp4mp(_SUBTYPES[4 if asn4 else 2, False, True, False], states, peer, seconds, microseconds)

    def _bgp4mp(self, subtype: int, body: bytes, peer: Peer, seconds: int, microseconds: int | None) -> None:
        width = BGP4MP_FORMS[subtype][0]
        head = self._heads.get((peer, width))
        if head is None:
            if type(peer) is not Peer:
                raise TypeError(f"peer is a Peer, not {type(peer).__name__}")
            head = remember(self._heads, (peer, width), head_octets(peer, width), _MAX_PEERS)
        if microseconds is None:
            self._put(seconds, mrt.BGP4MP, subtype, head + body)
        else:
            self._put(seconds, mrt.BGP4MP_ET, subtype, _number("microseconds", microseconds, 4) + head + body)

    def peer_table(
        self, peers: Iterable[Peer | PeerEntry], seconds: int, *, collector_bgp_id: Address | str, view: str = ""
    ) -> None:
        """The PEER_INDEX_TABLE (RFC 6396 section 4.3.1) of the RIB records behind it, whose numbers begin at 0 again.

        At most 65,535 peers, else ValueError. A :class:`bgpwire.Peer` has an AS number of 4 octets, and the BGP
        identifier 0.0.0.0 where it has none; a ``PeerEntry`` (:func:`bgpwire.mrt.decode_record`) says its type itself.
        ``view`` is the name of the view, in UTF-8 at most 65,535 octets.
        """
        table = PeerTable(peers)
        collector = Address(collector_bgp_id) if isinstance(collector_bgp_id, str) else collector_bgp_id
        self._put(seconds, mrt.TABLE_DUMP_V2, PEER_INDEX_TABLE, table.octets(collector, view))
        self._table, self._table_seconds, self._sequence = table, seconds, 0

    def rib(
        self,
        nlri: AnyNlri | str,
        entries: Iterable[Entry],
        seconds: int | None = None,
        *,
        family: Family | tuple[int, int] | None = None,
        sequence: int | None = None,
    ) -> None:
        """The routes of one prefix, or other NLRI, of a table: a RIB record (RFC 6396 sections 4.3.2 to 4.3.4).

        An entry is ``(peer, originated, attributes)`` or ``(peer, originated, attributes, path_id)``, or a ``RibEntry``
        (:func:`bgpwire.mrt.decode_record`): a peer of the table or its number in it, seconds since 1970, path
        attributes, and with ADD-PATH the path identifier, which all entries have or none (RFC 8050 section 4). There
        are 65,535 at most, and 16 MiB of them. Attributes of an UPDATE become those of a table: AS numbers of 4 octets,
        the next hop alone in MP_REACH_NLRI; those that were read of a table stay what they are.

        ``family`` is that of the NLRI: unicast for a prefix, labelled unicast and MPLS VPN for what has labels, unless
        it is said. IPv4 and IPv6 unicast and multicast have subtypes of their own; others are RIB_GENERIC, whose
        entries have path identifiers as those of the other subtypes do. ``seconds`` is that of the peer table unless it
        is said. Records are numbered from 0 on; a ``sequence`` that is said is the number of this one, and the next
        ones go on from it. ValueError before there is a peer table.
        """
        table = self._table
        if table is None:
            raise ValueError("a RIB record before a peer index table")
        number = self._sequence if sequence is None else sequence
        _number("sequence", number, 4)
        subtype, body = rib_octets(table, number, nlri, entries, family)
        self._put(self._table_seconds if seconds is None else seconds, mrt.TABLE_DUMP_V2, subtype, body)
        self._sequence = number + 1

    def _follow(self, record: Record) -> None:
        """Take note of a record of TABLE_DUMP_V2 that is copied."""
        data = record.data
        if record.subtype == PEER_INDEX_TABLE:
            self._table, self._table_seconds, self._sequence = None, record.seconds, 0
            with suppress(DecodeError):  # it is copied all the same, and no entry can name a peer of it
                self._table = PeerTable.of_record(data)
        elif record.subtype in RIB_FORMS and len(data) >= 4:
            self._sequence = int.from_bytes(data[:4]) + 1

    def _put(self, seconds: int, kind: int, subtype: int, body: bytes) -> None:
        if len(body) > MAX_RECORD:
            raise ValueError(f"a record of {len(body)} octets: readers take more than {MAX_RECORD} for a damaged one")
        _number("seconds", seconds, 4)
        self._output.put(bytes(Record(seconds, kind, subtype, body)))


def _number(name: str, value: Any, size: int) -> bytes:
    """An unsigned integer in ``size`` octets. ValueError, TypeError where it is none."""
    if not isinstance(value, int):
        raise TypeError(f"{name} is a number, not {type(value).__name__}")
    try:
        return value.to_bytes(size)
    except OverflowError:
        raise unfit(name, value) from None


def _has_path_ids(message: Message) -> bool:
    """Whether an ADD-PATH subtype is the one that says how the NLRI of a message are read."""
    add_path = message.session.add_path
    if not add_path or (isinstance(add_path, EveryFamily) and not add_path.without):
        return bool(add_path)
    if not isinstance(message, Update):
        return False
    attributes = message.attributes
    found = {IPV4_UNICAST in add_path} if message.withdrawn or message.nlri else set()
    for part in (attributes.mp_reach, attributes.mp_unreach):
        if part is not None and part.nlri:
            found.add(part.family in add_path)
    if len(found) == 2:
        raise ValueError("message: NLRI with path identifiers and without, and no subtype of MRT says which")
    return True in found
