"""Addresses, prefixes and the NLRI that is a prefix alone (RFC 4271 section 4.3, RFC 7911)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t
from libc.string cimport memcmp, memcpy, memset

from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6
from bgpwire._cython.cursor cimport Cursor, PrefixItem, Step, cursor, next_prefix, offset
from bgpwire._cython.door cimport scattered, version
from bgpwire._cython.free_list cimport PyObject, PyTypeObject, give, take, use
from bgpwire._cython.text cimport ADDRESS_TEXT, ascii, put_ipv4, put_ipv6, put_u32

from bgpwire.errors import INVALID_NETWORK, UpdateMessageError
from bgpwire.value.octets import as_bytes
from bgpwire.value.compare import FOREIGN, unequal
from bgpwire.value.prefix import AddressMixin, PrefixMixin, check_path_id, check_prefix
from bgpwire.value.restore import restore
from bgpwire.value.signature import TwinSignature
from bgpwire.value.text import parse_address, parse_prefix

__all__ = ["Address", "Prefix", "decode_prefixes", "read_prefixes"]


cdef class Value:
    """The compiled base that a value needs in front of its shared half.

    An extension type takes comparison and hash from its first base, that is from ``object``, and not from the
    Python class behind it; so this base hands them on.
    """

    __signature__ = TwinSignature()

    def __hash__(self):
        return super(Value, self).__hash__()

    def __eq__(self, other):
        return super(Value, self).__eq__(other)

    def __lt__(self, other):
        return super(Value, self).__lt__(other)

    def __le__(self, other):
        return super(Value, self).__le__(other)

    def __gt__(self, other):
        return super(Value, self).__gt__(other)

    def __ge__(self, other):
        return super(Value, self).__ge__(other)


cdef PyObject *allocate_prefix(PyTypeObject *cls, Py_ssize_t items) noexcept:
    return take(&PREFIXES, cls)


cdef void release_prefix(void *block) noexcept:
    give(&SMALL_PREFIXES if IS_SMALL(<Prefix> block) else &PREFIXES, block)


cdef void dealloc_prefix(PyObject *self) noexcept:
    release_prefix(self)


cdef object foreign(value, other):
    """What ``value == other`` gives for another type; a function of its own, to keep the comparison of equals short."""
    if other is None or isinstance(other, (int, bytes, tuple, Value)):
        return NotImplemented
    return unequal(value, other) if isinstance(other, FOREIGN) else NotImplemented


cdef Address address_of(const uint8_t *octets, Py_ssize_t size):
    cdef Address self = new_address()
    memcpy(self._octets, octets, size)
    self._size = <uint8_t> size
    return self


@cython.final
cdef class Address(Value, AddressMixin):
    """An IPv4 or IPv6 address: 4 or 16 octets in network order."""

    def __init__(self, text):
        """From text, such as ``192.0.2.1`` or ``2001:db8::1``, or from ``ipaddress``. ValueError if it is neither."""
        cdef bytes packed = parse_address(text)
        memcpy(self._octets, PyBytes_AS_STRING(packed), len(packed))
        self._size = <uint8_t> len(packed)

    @classmethod
    def from_bytes(cls, data):
        """From 4 or 16 octets in network order. ValueError for any other number."""
        cdef bytes packed = as_bytes(data)
        if len(packed) != 4 and len(packed) != 16:
            raise ValueError(f"an address has 4 or 16 octets, not {len(packed)}")
        return address_of(<const uint8_t *> PyBytes_AS_STRING(packed), len(packed))

    _restore = from_bytes

    def __reduce__(self):
        return restore, ("Address", bytes(self))

    def __bytes__(self):
        return PyBytes_FromStringAndSize(<const char *> self._octets, self._size)

    def __str__(self):
        cdef char[ADDRESS_TEXT] out
        return ascii(out, put_ipv4(out, self._octets) if self._size == 4 else put_ipv6(out, self._octets))

    def __hash__(self):
        return mix(self._octets, self._size)

    def __eq__(self, other):
        if not isinstance(other, Address):
            return foreign(self, other)
        return _compare_addresses(self, <Address> other) == 0

    def __lt__(self, other):
        if not isinstance(other, Address):
            return NotImplemented
        return _compare_addresses(self, <Address> other) < 0

    def __le__(self, other):
        if not isinstance(other, Address):
            return NotImplemented
        return _compare_addresses(self, <Address> other) <= 0

    def __gt__(self, other):
        if not isinstance(other, Address):
            return NotImplemented
        return _compare_addresses(self, <Address> other) > 0

    def __ge__(self, other):
        if not isinstance(other, Address):
            return NotImplemented
        return _compare_addresses(self, <Address> other) >= 0


cdef int _compare_addresses(Address a, Address b) noexcept:
    if a._size != b._size:
        return a._size - b._size
    return memcmp(a._octets, b._octets, 16)


cdef Prefix prefix_of(const uint8_t *octets, int bits, int afi):
    cdef Prefix self = new_prefix(afi == AFI_IPV4)
    set_octets(self, octets, (bits + 7) >> 3)
    self._bits = <uint8_t> bits
    self.afi = <uint8_t> afi
    return self


cdef bytes wire_of(Prefix self):
    cdef uint8_t[17] out
    out[0] = self._bits
    all_octets(self, out + 1)
    return PyBytes_FromStringAndSize(<const char *> out, 1 + ((self._bits + 7) >> 3))


cdef void mask_into(Prefix self, uint8_t *out) noexcept:
    all_octets(self, out)
    if self._bits & 7:
        out[self._bits >> 3] &= <uint8_t> (0xFF00 >> (self._bits & 7))


@cython.final
cdef class Prefix(Value, PrefixMixin):
    """An IPv4 or IPv6 prefix, with its path identifier where ADD-PATH is on.

    Equality, order and hash look at (AFI, network, length, path identifier): bits behind the length are
    irrelevant (RFC 4271 section 4.3) and masked away, yet ``bytes()`` gives the octets as they came.
    """

    def __init__(self, text, path_id=None):
        """From text, such as ``10.0.0.0/8``, or an ``ipaddress`` object; without a length, a host.

        ValueError if it is no prefix.
        """
        cdef bytes packed
        cdef int bits
        packed, bits = parse_prefix(text)
        path_id = check_path_id(path_id)
        if self._small and len(packed) > 4:
            raise ValueError("a prefix of IPv4 cannot become one of IPv6")
        memset(self._octets, 0, 4 if self._small else 16)
        memcpy(self._octets, PyBytes_AS_STRING(packed), (bits + 7) >> 3)
        self._bits = <uint8_t> bits
        self.afi = AFI_IPV4 if len(packed) == 4 else AFI_IPV6
        self._has_path = path_id is not None
        self._path_id = 0 if path_id is None else path_id

    @classmethod
    def _restore(cls, wire, afi, path_id):
        check_prefix(wire, afi, path_id)
        cdef bytes octets = wire
        cdef Prefix self = prefix_of(<const uint8_t *> PyBytes_AS_STRING(octets) + 1, octets[0], afi)
        self._has_path = path_id is not None
        self._path_id = 0 if path_id is None else path_id
        return self

    def __reduce__(self):
        return restore, ("Prefix", wire_of(self), self.afi, self.path_id)

    @property
    def length(self):
        """The prefix length in bits."""
        return self._bits

    @property
    def path_id(self):
        """RFC 7911 path identifier, ``None`` without ADD-PATH."""
        return self._path_id if self._has_path else None

    @property
    def packed(self):
        """The network address, 4 or 16 octets, bits behind the length cleared."""
        cdef uint8_t[16] out
        mask_into(self, out)
        return PyBytes_FromStringAndSize(<const char *> out, 4 if self.afi == AFI_IPV4 else 16)

    @property
    def address(self):
        """The network address, bits behind the length cleared."""
        cdef uint8_t[16] out
        mask_into(self, out)
        return address_of(out, 4 if self.afi == AFI_IPV4 else 16)

    @property
    def prefix(self):
        """The prefix of this NLRI, as every family that has one offers it: this one, without its path identifier."""
        return prefix_of(self._octets, self._bits, self.afi) if self._has_path else self

    def contains(self, other):
        """Whether ``other`` is this prefix, a more specific one, or an address in it; never of another AFI.

        Text and ``ipaddress`` objects are read first: ValueError for text that is neither. Path identifiers are
        left aside.
        """
        if isinstance(other, (Prefix, Address)):
            return _holds(self, other)
        return PrefixMixin.contains(self, other)

    def __contains__(self, other):
        if isinstance(other, (Prefix, Address)):
            return _holds(self, other)
        return PrefixMixin.__contains__(self, other)

    def __bytes__(self):
        wire = wire_of(self)
        return (<object> self._path_id).to_bytes(4) + wire if self._has_path else wire

    def __str__(self):
        cdef char[ADDRESS_TEXT + 8] out
        cdef uint8_t[16] network
        cdef char *end
        mask_into(self, network)
        end = put_ipv4(out, network) if self.afi == AFI_IPV4 else put_ipv6(out, network)
        end[0] = 47
        return ascii(out, put_u32(end + 1, self._bits))

    def __hash__(self):
        cdef uint8_t[16] network
        mask_into(self, network)
        return mix(network, self._bits | self.afi << 8 | self._has_path << 10 | <uint64_t> self._path_id << 16)

    def __eq__(self, other):
        if not isinstance(other, Prefix):
            return foreign(self, other)
        return _compare_prefixes(self, <Prefix> other) == 0

    def __lt__(self, other):
        if not isinstance(other, Prefix):
            return NotImplemented
        return _compare_prefixes(self, <Prefix> other) < 0

    def __le__(self, other):
        if not isinstance(other, Prefix):
            return NotImplemented
        return _compare_prefixes(self, <Prefix> other) <= 0

    def __gt__(self, other):
        if not isinstance(other, Prefix):
            return NotImplemented
        return _compare_prefixes(self, <Prefix> other) > 0

    def __ge__(self, other):
        if not isinstance(other, Prefix):
            return NotImplemented
        return _compare_prefixes(self, <Prefix> other) >= 0


use(Prefix, allocate_prefix, release_prefix, dealloc_prefix)


cdef bint _holds(Prefix self, other) noexcept:
    """Whether the prefix contains a prefix or an address."""
    if isinstance(other, Prefix):
        return self.afi == (<Prefix> other).afi and _covers(self, (<Prefix> other)._octets, (<Prefix> other)._bits)
    if (<Address> other)._size != (4 if self.afi == AFI_IPV4 else 16):
        return False
    return _covers(self, (<Address> other)._octets, (<Address> other)._size * 8)


cdef bint _covers(Prefix self, const uint8_t *octets, int bits) noexcept:
    """Whether the first ``bits`` of the octets begin with this prefix."""
    cdef int whole = self._bits >> 3
    if bits < self._bits or memcmp(self._octets, octets, whole):
        return False
    return not self._bits & 7 or not (self._octets[whole] ^ octets[whole]) & <uint8_t> (0xFF00 >> (self._bits & 7))


cdef int _compare_prefixes(Prefix a, Prefix b) noexcept:
    """By AFI, network, length, path identifier; none of the latter comes first."""
    cdef uint8_t[16] one
    cdef uint8_t[16] two
    cdef int order
    if a.afi != b.afi:
        return a.afi - b.afi
    mask_into(a, one)
    mask_into(b, two)
    order = memcmp(one, two, 16)
    if order:
        return order
    if a._bits != b._bits:
        return a._bits - b._bits
    if a._has_path != b._has_path:
        return a._has_path - b._has_path
    return (a._path_id > b._path_id) - (a._path_id < b._path_id)


cdef object prefix_fault(int step, int bits, Py_ssize_t where):
    """A prefix that cannot be read: the field cannot be parsed to its end (RFC 7606 section 5.3)."""
    if step == Step.TOO_LONG:
        reason = f"prefix length {bits}"
    elif step == Step.PATH_OVERRUN:
        reason = "path identifier and prefix run over the end"
    elif step == Step.NO_BOTTOM:
        reason = "label stack without an end"
    elif step == Step.NO_DISTINGUISHER:
        reason = "no room for a route distinguisher"
    else:
        reason = "prefix runs over the end"
    return UpdateMessageError(reason, where, None, INVALID_NETWORK)


cdef tuple prefixes_of(
    const uint8_t *octets, Py_ssize_t start, Py_ssize_t end, int afi, bint add_path, Py_ssize_t base
):
    """See ``read_prefixes``."""
    cdef list out = []
    cdef Prefix prefix
    cdef PrefixItem item
    cdef Cursor cur = cursor(octets, start, end)
    cdef int step
    cdef int longest = 32 if afi == AFI_IPV4 else 128
    while True:
        step = next_prefix(&cur, longest, add_path, &item)
        if step != Step.ITEM:
            break
        prefix = new_prefix(longest == 32)
        set_octets(prefix, item.octets, item.size)
        prefix._bits = item.bits
        prefix.afi = <uint8_t> afi
        if add_path:
            prefix._has_path = True
            prefix._path_id = item.path_id
        out.append(prefix)
    if step == Step.END:
        return out, None
    return out, prefix_fault(step, cur.pos[0], offset(&cur) + base)


def read_prefixes(
    bytes data not None, Py_ssize_t start, Py_ssize_t end, int afi, bint add_path, Py_ssize_t base=0
):
    """Read the prefixes of ``data[start:end]``.

    Returns those before the first fault, and the fault (``None`` without one): a length over 32
    (128 for IPv6) or a prefix that runs over the end. ``base`` is added to the fault's offset.
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    return prefixes_of(<const uint8_t *> PyBytes_AS_STRING(data), start, end, afi, add_path, base)


def decode_prefixes(const unsigned char[:] data not None, object afi, *, bint add_path=False):
    """Prefixes one behind the other (RFC 4271 section 4.3), each with a path identifier in front where ``add_path``
    (RFC 7911 section 3). ``afi`` is 1 for IPv4, 2 for IPv6.

    Returns the :class:`bgpwire.Prefix` objects before the first fault, and the fault or ``None``: a length over 32
    or 128 bits, or a prefix that runs over the end.
    """
    cdef int family = version(afi)
    if not data.shape[0]:
        return [], None
    if scattered(data):
        data = bytes(data)
    return prefixes_of(&data[0], 0, data.shape[0], family, add_path, 0)
