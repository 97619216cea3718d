"""The block of path attributes of one UPDATE or RIB entry: indexed once, decoded on first touch."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memset

from bgpwire._cython.as_path cimport AsPath, check_octets, path_of
from bgpwire._cython.communities cimport Communities, communities_of
from bgpwire._cython.cursor cimport AttributeItem, Cursor, Step, be32, cursor, next_attribute, offset
from bgpwire._cython.next_hop cimport mp_next_hop
from bgpwire._cython.numbers cimport AS4_PATH, AS_PATH, COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITY
from bgpwire._cython.numbers cimport LOCAL_PREF, MP_REACH_NLRI, MULTI_EXIT_DISC, NEXT_HOP, ORIGIN
from bgpwire._cython.prefix cimport Address, Value, address_of
from bgpwire._cython.reader cimport Reader, as_bytes, reader_over

from bgpwire._cython.communities import ExtendedCommunities, LargeCommunities
from bgpwire.errors import (
    ATTRIBUTE_LENGTH,
    INVALID_ORIGIN,
    MALFORMED_ATTRIBUTE_LIST,
    Action,
    DecodeError,
    UpdateMessageError,
)
from bgpwire.registry import ATTRIBUTES
from bgpwire.session import DEFAULT_SESSION
from bgpwire.value.attributes import Attribute, PathAttributesMixin, UnknownAttribute
from bgpwire.value.origin import Origin
from bgpwire.value.restore import restore

__all__ = ["PathAttributes"]

cdef tuple ORIGINS = tuple(Origin)
# The effective path is rarely another than AS_PATH's; its getter is the shared half's.
cdef object merged_path = PathAttributesMixin.__dict__["as_path"].fget
cdef dict COLLECTIONS = {
    COMMUNITIES: Communities,
    EXTENDED_COMMUNITIES: ExtendedCommunities,
    LARGE_COMMUNITY: LargeCommunities,
}
cdef object ABSENT = object()


cdef PathAttributes attributes_of(
    bytes data, Py_ssize_t start, Py_ssize_t end, object session, bint asn4, Py_ssize_t base, object rib_family
):
    cdef PathAttributes self = PathAttributes.__new__(PathAttributes)
    index_block(self, data, start, end, session, asn4, base, rib_family)
    return self


cdef inline int index_block(
    PathAttributes self, bytes data, Py_ssize_t start, Py_ssize_t end, object session, bint asn4, Py_ssize_t base,
    object rib_family
) except -1:
    """Fill ``self``, which has no attributes yet."""
    cdef Cursor cur = cursor(<const uint8_t *> PyBytes_AS_STRING(data), start, end)
    cdef AttributeItem item
    cdef int step
    self._data = data
    self._start = start
    self._end = end
    self.session = session
    self._asn4 = asn4
    self.base = base
    self.rib_family = rib_family
    while True:
        step = next_attribute(&cur, &item)
        if step != Step.ITEM:
            break
        if item.code < INDEXED and not self._at[item.code]:
            self._at[item.code] = <uint32_t> (item.header - start + 1)
    if step != Step.END:
        self._torn = step
        self._torn_at = offset(&cur)
    return 0


cdef object torn_block(int step, bytes data, Py_ssize_t where, Py_ssize_t end, Py_ssize_t base):
    """The error in a block whose attribute at ``where`` is not whole (RFC 7606 section 4)."""
    if step == Step.OVERRUN:
        reason = f"attribute {data[where + 1]} runs over the end"
    else:
        reason = "attribute header runs over the end"
    return UpdateMessageError(
        reason, where + base, None, MALFORMED_ATTRIBUTE_LIST, Action.TREAT_AS_WITHDRAW, data[where:end]
    )


@cython.final
cdef class PathAttributes(Value, PathAttributesMixin):
    """The path attributes of one UPDATE, shared by all its routes.

    ``data[start:end]`` is the block, ``base`` what is added to the offsets in errors, ``session`` the
    context. ``rib_family`` is the (AFI, SAFI) of a TABLE_DUMP_V2 entry, whose MP_REACH_NLRI may be
    abbreviated to the next hop (RFC 6396 section 4.3.4), else ``None``.
    """

    def __cinit__(self, *args, **kwargs):
        self._data = b""
        self._as_path = self._communities = self._next_hop = self._mp_next_hop = ABSENT

    def __init__(self, data, Py_ssize_t start=0, end=None, session=DEFAULT_SESSION, Py_ssize_t base=0, rib_family=None):
        cdef bytes wire = as_bytes(data)
        cdef Py_ssize_t stop = len(wire) if end is None else end
        if not 0 <= start <= stop <= len(wire):
            raise ValueError(f"no octets {start} to {stop} in a buffer of {len(wire)}")
        memset(self._at, 0, sizeof(self._at))
        self._torn = 0
        index_block(self, wire, start, stop, session, session.asn4, base, rib_family)

    @classmethod
    def _restore(cls, *args):
        return cls(*args)

    def __reduce__(self):
        return restore, ("PathAttributes", bytes(self), 0, None, self.session, self.base + self._start, self.rib_family)

    @property
    def structure_error(self):
        """RFC 7606 section 4: attribute lengths that disagree with the block's; ``None`` if they agree."""
        if not self._torn:
            return None
        return torn_block(self._torn, self._data, self._torn_at, self._end, self.base)

    cdef int _find(self, int code, Py_ssize_t *start, Py_ssize_t *end) noexcept:
        """The flags of the first attribute ``code``, and where its value stands; -1 if it is absent."""
        cdef Cursor cur
        cdef AttributeItem item
        cdef Py_ssize_t begin = self._start
        if 0 <= code < INDEXED:
            if not self._at[code]:
                return -1
            begin += self._at[code] - 1
        cur = cursor(<const uint8_t *> PyBytes_AS_STRING(self._data), begin, self._end)
        while next_attribute(&cur, &item) == Step.ITEM:
            if item.code == code:
                start[0] = item.start
                end[0] = item.end
                return item.flags
        return -1

    def __bytes__(self):
        return self._data[self._start : self._end]

    def __contains__(self, code):
        cdef Py_ssize_t start, end
        return isinstance(code, int) and 0 <= code <= 255 and self._find(code, &start, &end) >= 0

    def walk(self):
        """Every attribute in wire order, duplicates too, up to the first that runs over the end."""
        cdef Cursor cur = cursor(<const uint8_t *> PyBytes_AS_STRING(self._data), self._start, self._end)
        cdef AttributeItem item
        cdef list out = []
        cdef uint8_t[256] seen
        cdef int index
        for index in range(256):
            seen[index] = 0
        while next_attribute(&cur, &item) == Step.ITEM:
            wire = self._data[item.header : item.end]
            out.append(
                Attribute(
                    self,
                    item.code,
                    item.flags,
                    item.header + self.base,
                    wire,
                    item.start - item.header,
                    not seen[item.code],
                )
            )
            seen[item.code] = 1
        return out

    def raw(self, int code):
        """The octets of the first attribute ``code``'s value; ``None`` if it is absent."""
        cdef Py_ssize_t start, end
        return None if self._find(code, &start, &end) < 0 else self._data[start:end]

    def flags(self, int code):
        """The flags octet of the first attribute ``code``; ``None`` if it is absent."""
        cdef Py_ssize_t start, end
        cdef int flags = self._find(code, &start, &end)
        return None if flags < 0 else flags

    def value_offset(self, int code):
        """Where the value of attribute ``code`` begins; ``None`` if it is absent."""
        cdef Py_ssize_t start, end
        return None if self._find(code, &start, &end) < 0 else start + self.base

    def __getitem__(self, int code):
        """The decoded value of attribute ``code``.

        KeyError if it is absent, :class:`bgpwire.DecodeError` if it is malformed; an attribute without a
        decoder comes as :class:`bgpwire.UnknownAttribute`.
        """
        value = self._value(code)
        if value is ABSENT:
            raise KeyError(code)
        if isinstance(value, DecodeError):
            raise value.fresh()
        return value

    def get(self, int code):
        """The decoded value of attribute ``code``; ``None`` if it is absent or malformed."""
        return self.fetch(code)

    cdef object _value(self, int code):
        """The value, its error, or ABSENT; decoded once. Two threads may both decode: the results are equal."""
        cdef Py_ssize_t start, end
        cdef int flags
        cdef object value
        if 0 <= code < INDEXED and not self._at[code]:
            return ABSENT
        with cython.critical_section(self):
            if code == AS_PATH and self._as_path is not ABSENT:
                return self._as_path
            if code == COMMUNITIES and self._communities is not ABSENT:
                return self._communities
            if code == NEXT_HOP and self._next_hop is not ABSENT:
                return self._next_hop
            if self._cache is not None and code in self._cache:
                return self._cache[code]
        flags = self._find(code, &start, &end)
        if flags < 0:
            return ABSENT
        try:
            value = self._decode(code, flags, start, end)
        except DecodeError as error:
            # The class takes no part in garbage collection: a traceback that leads back here would stay for ever.
            value = error.fresh()
        with cython.critical_section(self):
            if code == AS_PATH:
                self._as_path = value
            elif code == COMMUNITIES:
                self._communities = value
            elif code == NEXT_HOP:
                self._next_hop = value
            else:
                if self._cache is None:
                    self._cache = {}
                self._cache[code] = value
        return value

    cdef object fetch(self, int code):
        """The value of attribute ``code``, ``None`` if it is absent or malformed."""
        cdef object value = self._value(code)
        return None if value is ABSENT or isinstance(value, DecodeError) else value

    cdef object path(self):
        """The effective AS path, see the shared half. The usual case skips what :meth:`fetch` does for all."""
        cdef object value
        cdef Py_ssize_t start, end
        cdef const uint8_t *data
        if self._asn4 or not self._at[AS4_PATH]:
            with cython.critical_section(self):
                value = self._as_path
            if type(value) is AsPath:
                return value
            if value is ABSENT and self._find(AS_PATH, &start, &end) >= 0:
                data = <const uint8_t *> PyBytes_AS_STRING(self._data)
                if check_octets(data, start, end, self._asn4, self.base, False) is None:
                    value = path_of(data + start, end - start, self._asn4)
                    with cython.critical_section(self):
                        self._as_path = value
                    return value
            return self.fetch(AS_PATH)
        return merged_path(self)

    cdef object tags(self):
        """The communities; the usual case as in :meth:`path`."""
        cdef object value
        cdef Py_ssize_t start, end
        if not self._at[COMMUNITIES]:
            return None
        with cython.critical_section(self):
            value = self._communities
        if type(value) is Communities:
            return value
        if value is ABSENT and self._find(COMMUNITIES, &start, &end) >= 0 and end > start and (end - start) & 3 == 0:
            value = communities_of(<const uint8_t *> PyBytes_AS_STRING(self._data) + start, end - start)
            with cython.critical_section(self):
                self._communities = value
            return value
        return self.fetch(COMMUNITIES)

    @property
    def as_path(self):
        """The effective path: AS_PATH, merged with AS4_PATH where RFC 6793 section 4.2.3 asks for it.

        ``attributes[2]`` and ``attributes[17]`` are the two as they came.
        """
        return self.path()

    cdef object hop(self, bint mp):
        cdef Py_ssize_t start, end
        cdef object value, address
        if not mp or not self._at[MP_REACH_NLRI]:
            with cython.critical_section(self):
                value = self._next_hop
            if type(value) is Address:
                return value
            if value is ABSENT and self._find(NEXT_HOP, &start, &end) >= 0 and end - start == 4:
                value = address_of(<const uint8_t *> PyBytes_AS_STRING(self._data) + start, 4)
                with cython.critical_section(self):
                    self._next_hop = value
                return value
            return self.fetch(NEXT_HOP)
        with cython.critical_section(self):
            if self._mp_next_hop is not ABSENT:
                return self._mp_next_hop
        self._find(MP_REACH_NLRI, &start, &end)
        address = mp_next_hop(<const uint8_t *> PyBytes_AS_STRING(self._data), start, end, self.rib_family)
        with cython.critical_section(self):
            self._mp_next_hop = address
        return address

    def next_hop_of(self, bint mp):
        """The next hop of the NLRI field, or with ``mp`` the first address of MP_REACH_NLRI's.

        A RIB entry of IPv6 may have either form of MP_REACH_NLRI (RFC 6396 section 4.3.4), or NEXT_HOP alone.
        ``None`` where MP_REACH_NLRI's has a length that is not the family's (RFC 7606 section 7.11).
        """
        return self.hop(mp)

    cdef object _decode(self, int code, int flags, Py_ssize_t start, Py_ssize_t end):
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(self._data)
        cdef Py_ssize_t size = end - start
        cdef bint asn4
        cdef Reader reader
        if code == AS_PATH or code == AS4_PATH:
            asn4 = code == AS4_PATH or self._asn4
            error = check_octets(data, start, end, asn4, self.base, False)
            if error is not None:
                # A malformed AS4_PATH is discarded, and the UPDATE lives on (RFC 6793 section 6).
                raise error if code == AS_PATH else error.acted(Action.ATTRIBUTE_DISCARD)
            return path_of(data + start, size, asn4)
        if code == NEXT_HOP:
            if size != 4:
                raise self._wrong("NEXT_HOP", start, end)
            return address_of(data + start, 4)
        if code == ORIGIN:
            if size != 1:
                raise self._wrong("ORIGIN", start, end)
            if data[start] > 2:
                raise UpdateMessageError(
                    f"ORIGIN {data[start]}",
                    start + self.base,
                    None,
                    INVALID_ORIGIN,
                    Action.TREAT_AS_WITHDRAW,
                    self._data[start:end],
                )
            return ORIGINS[data[start]]
        if code == MULTI_EXIT_DISC or code == LOCAL_PREF:
            if size != 4:
                raise self._wrong("MULTI_EXIT_DISC" if code == MULTI_EXIT_DISC else "LOCAL_PREF", start, end)
            return be32(data + start)
        if code == COMMUNITIES and size and size & 3 == 0:
            return communities_of(data + start, size)
        if code == COMMUNITIES or code == EXTENDED_COMMUNITIES or code == LARGE_COMMUNITY:
            try:
                return (<object> COLLECTIONS[code]).from_bytes(self._data[start:end])
            except DecodeError as error:
                raise error.moved(start + self.base) from None
        entry = ATTRIBUTES[code] if code in ATTRIBUTES.listed else None
        if entry is None or entry.decode is None:
            return UnknownAttribute(code, flags, self._data[start:end])
        reader = reader_over(self._data, start, end, self.base)
        try:
            value = entry.decode(reader, self)
        except DecodeError as error:
            if error.code:
                raise
            raise UpdateMessageError(
                f"{entry.name}: {error.reason}",
                error.offset,
                None,
                ATTRIBUTE_LENGTH,
                entry.action,
                self._data[start:end],
            ) from None
        if reader._end != reader._pos:
            raise UpdateMessageError(
                f"{entry.name}: {len(reader)} octets too many", reader.offset, None, ATTRIBUTE_LENGTH, entry.action
            )
        return value

    def _wrong(self, str name, Py_ssize_t start, Py_ssize_t end):
        return UpdateMessageError(
            f"{name} of {end - start} octets",
            start + self.base,
            None,
            ATTRIBUTE_LENGTH,
            Action.TREAT_AS_WITHDRAW,
            self._data[start:end],
        )
