"""What stands where in the bodies of MRT records (RFC 6396, RFC 8050): the grammar's doors for plain Python.

All places count from the beginning of ``data``. The twin says what goes in and out.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint16_t

from bgpwire._cython.cursor cimport Cursor, MessageItem, Step, cursor, left, next_message, offset
from bgpwire._cython.numbers cimport AFI_IPV4

from bgpwire.errors import MrtError, TruncatedError

__all__ = [
    "BGP4MP_FORMS",
    "RIB_FORMS",
    "bgp4mp_addresses",
    "bgp4mp_as_numbers",
    "dump_entry",
    "generic_head",
    "message_at",
    "peer_table",
    "rib_entries",
    "rib_head",
]

BGP4MP_FORMS = {}
RIB_FORMS = {}


def _fill():
    cdef Bgp4mpForm bgp4mp
    cdef RibForm rib
    cdef int subtype
    for subtype in range(16):
        if bgp4mp_form(subtype, &bgp4mp):
            BGP4MP_FORMS[subtype] = (bgp4mp.width, bool(bgp4mp.add_path), bool(bgp4mp.states), bool(bgp4mp.local))
        if rib_form(subtype, &rib):
            RIB_FORMS[subtype] = (rib.afi, rib.safi, bool(rib.add_path))


_fill()


cdef Cursor from_octet(bytes data, Py_ssize_t at) except *:
    """A cursor at ``data[at]``."""
    cdef Py_ssize_t size = PyBytes_GET_SIZE(data)
    if not 0 <= at <= size:
        raise ValueError(f"no octet {at} in a buffer of {size}")
    return cursor(<const uint8_t *> PyBytes_AS_STRING(data), at, size)


cdef object truncated(Cursor *cur, Py_ssize_t need):
    """The error of a field of ``need`` octets that is not all there, as a Reader raises it."""
    return TruncatedError(f"{need} octets needed, {left(cur)} left", offset(cur))


def bgp4mp_as_numbers(bytes data not None, Py_ssize_t at, int width):
    """Peer and Local AS Number of a BGP4MP record, of ``width`` octets (2 or 4): ``(peer, local, end)``.

    TruncatedError before the first that is not all there.
    """
    cdef Cursor cur = from_octet(data, at)
    cdef AsNumbersItem item
    if width != 2 and width != 4:
        raise ValueError(f"AS numbers of {width} octets")
    if next_as_numbers(&cur, width, &item) != Step.ITEM:
        raise truncated(&cur, item.need)
    return item.peer, item.local, offset(&cur)


def bgp4mp_addresses(bytes data not None, Py_ssize_t at):
    """Interface Index, Address Family and addresses of a BGP4MP record: ``(interface, afi, size, end)``.

    The peer's address and the local one, of ``size`` octets each, stand before ``end``; ``size`` is 0 and neither is
    read where the family is not IPv4 or IPv6. TruncatedError before the first field that is not all there.
    """
    cdef Cursor cur = from_octet(data, at)
    cdef AddressesItem item
    if next_addresses(&cur, &item) != Step.ITEM:
        raise truncated(&cur, item.need)
    return item.interface, item.afi, item.size, offset(&cur)


def message_at(bytes data not None, Py_ssize_t at):
    """The BGP message in a record, whatever its marker: ``(type, end)``; its header begins at ``at``.

    TruncatedError 1/2 for a header that is not all there, or a length that does not fit.
    """
    cdef Cursor cur = from_octet(data, at)
    cdef MessageItem item
    cdef int step = next_message(&cur, &item)
    if step == Step.ITEM:
        return item.type, item.end
    if step == Step.OVERRUN:
        raise TruncatedError(f"message of {item.length} octets, {left(&cur)} there", at + 16, 1, 2)
    raise TruncatedError(f"message of at least 19 octets, {left(&cur)} there", at, 1, 2)


def peer_table(bytes data not None):
    """PEER_INDEX_TABLE: ``(view, view_end, count, peers, fault)``.

    Where the view name begins and ends; how many peers there are to be; ``(type, asn, start, size, end)`` of those
    before the first fault, the BGP ID standing in the 4 octets from ``start + 1`` and the address in the ``size``
    behind it; and the TruncatedError that says where the table runs over the end, or ``None``. The collector's BGP ID
    is the first 4 octets. A fault before the peers is raised.
    """
    cdef Cursor cur = from_octet(data, 0)
    cdef PeerTableItem head
    cdef PeerItem item
    cdef Py_ssize_t at
    cdef int _number
    cdef list peers = []
    if next_peer_table(&cur, &head) != Step.ITEM:
        raise truncated(&cur, head.need)
    for _number in range(head.count):
        at = offset(&cur)
        if next_peer(&cur, &item) != Step.ITEM:
            return head.view, head.view_end, head.count, peers, truncated(&cur, item.need)
        peers.append((item.type, item.asn, at, item.size, offset(&cur)))
    return head.view, head.view_end, head.count, peers, None


def rib_head(bytes data not None, int afi):
    """The head of a RIB record of one family: ``(sequence, prefix_end)``; the prefix, its length in front, begins at 4.

    TruncatedError before the first field that is not all there, :class:`bgpwire.MrtError` for a prefix that is too
    long.
    """
    cdef Cursor cur = from_octet(data, 0)
    cdef RibHeadItem item
    cdef int step = next_rib_head(&cur, 32 if afi == AFI_IPV4 else 128, &item)
    if step == Step.TOO_LONG:
        raise MrtError(f"prefix length {cur.pos[0]}", 4)
    if step != Step.ITEM:
        raise truncated(&cur, item.need)
    return item.sequence, 5 + item.prefix.size


def generic_head(bytes data not None):
    """The head of RIB_GENERIC: ``(sequence, afi, safi)``; its NLRI begins at 7. TruncatedError before the first field
    that is not all there."""
    cdef Cursor cur = from_octet(data, 0)
    cdef GenericHeadItem item
    if next_generic_head(&cur, &item) != Step.ITEM:
        raise truncated(&cur, item.need)
    return item.sequence, item.afi, item.safi


def rib_entries(bytes data not None, Py_ssize_t at, bint add_path):
    """The entries of a RIB record, whose number stands at ``at``: ``(count, entries, fault)``.

    How many there are to be; ``(peer, originated, path_id, start, end)`` of those before the first fault, with
    ``path_id`` ``None`` without ``add_path`` and the attributes from ``start`` to ``end``; and the TruncatedError that
    says where they run over the end, or ``None``. TruncatedError is raised if their number is not there.
    """
    cdef Cursor cur = from_octet(data, at)
    cdef RibEntryItem item
    cdef uint16_t count = 0
    cdef int _number
    cdef list entries = []
    if next_count(&cur, &count) != Step.ITEM:
        raise truncated(&cur, 2)
    for _number in range(count):
        if next_rib_entry(&cur, add_path, &item) != Step.ITEM:
            return count, entries, truncated(&cur, item.need)
        path_id = item.path_id if add_path else None
        entries.append((item.peer, item.originated, path_id, item.start, item.end))
    return count, entries, None


def dump_entry(bytes data not None, Py_ssize_t at, int subtype):
    """An entry of TABLE_DUMP of ``subtype`` 1 to 4: ``(bits, status, originated, peer, asn, missing, start, end)``.

    The prefix's octets begin at ``at`` and the peer's address at ``peer``, 4 of each or, of subtypes 2 and 4, 16. The
    attributes are from ``start`` to ``end``; up to 4 octets of them may be ``missing``, as some writers had it.
    TruncatedError before the first field that is not all there, :class:`bgpwire.MrtError` for a prefix that is too long
    and for attributes of which more is missing. ValueError for another subtype.
    """
    cdef Cursor cur = from_octet(data, at)
    cdef DumpEntryItem item
    cdef int afi = 0, width = 0, step
    if not dump_form(subtype, &afi, &width):
        raise ValueError(f"TABLE_DUMP of subtype {subtype}")
    step = next_dump_entry(&cur, afi, width, &item)
    if step == Step.TOO_LONG:
        raise MrtError(f"prefix length {item.bits}", offset(&cur))
    if step == Step.OVERRUN:
        raise MrtError(f"attributes of {item.length} octets, {item.length - item.missing} there", offset(&cur))
    if step != Step.ITEM:
        raise truncated(&cur, item.need)
    peer = item.address - cur.base
    missing = max(item.missing, <Py_ssize_t> 0)
    return item.bits, item.status, item.originated, peer, item.asn, missing, item.start, item.end
