"""Standard, extended and large communities (RFC 1997, RFC 4360, RFC 8092)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.number cimport PyNumber_Index
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport be32
from bgpwire._cython.door cimport octets_of
from bgpwire._cython.prefix cimport Value, foreign
from bgpwire._cython.text cimport ascii, put_u32

from bgpwire.value.octets import as_bytes
from bgpwire.value.communities import (
    CollectionMixin,
    CommunitiesMixin,
    ExtendedCommunitiesMixin,
    LargeCommunitiesMixin,
)
from bgpwire.value.community import (
    WELL_KNOWN,
    CommunityMixin,
    ExtendedCommunityMixin,
    LargeCommunityMixin,
    parse_community,
    parse_extended,
    parse_large,
)
from bgpwire.value.restore import restore

__all__ = [
    "Communities",
    "Community",
    "ExtendedCommunities",
    "ExtendedCommunity",
    "LargeCommunities",
    "LargeCommunity",
    "decode_communities",
    "decode_extended_communities",
    "decode_large_communities",
]

# A copy: what is written into a buffer cannot grow longer than TEXT.
cdef dict NAMES = {value: name.encode() for value, name in WELL_KNOWN.items()}
# The most that one community takes as text, and a blank: two numbers of five digits and a colon, or a name.
cdef Py_ssize_t TEXT = 1 + max(11, *map(len, NAMES.values()))


@cython.final
cdef class Community(Value, CommunityMixin):
    """A community of 32 bits."""

    def __init__(self, text):
        """From text: ``65000:100``, or a well-known name such as ``no-export``."""
        self._value = parse_community(text)

    @classmethod
    def from_int(cls, value):
        """From its 32 bits. ValueError if there are more."""
        cdef Community self = Community.__new__(Community)
        number = PyNumber_Index(value)
        if not 0 <= number <= 0xFFFFFFFF:
            raise ValueError("a community has 32 bits")
        self._value = number
        return self

    _restore = from_int

    def __reduce__(self):
        return restore, ("Community", self._value)

    def __int__(self):
        return self._value

    def __bytes__(self):
        return (<object> self._value).to_bytes(4)

    def __hash__(self):
        return self._value

    def __eq__(self, other):
        if not isinstance(other, Community):
            return foreign(self, other)
        return self._value == (<Community> other)._value

    def __lt__(self, other):
        if not isinstance(other, Community):
            return NotImplemented
        return self._value < (<Community> other)._value

    def __le__(self, other):
        if not isinstance(other, Community):
            return NotImplemented
        return self._value <= (<Community> other)._value

    def __gt__(self, other):
        if not isinstance(other, Community):
            return NotImplemented
        return self._value > (<Community> other)._value

    def __ge__(self, other):
        if not isinstance(other, Community):
            return NotImplemented
        return self._value >= (<Community> other)._value


@cython.final
cdef class LargeCommunity(Value, LargeCommunityMixin):
    """A large community of 12 octets."""

    cdef uint8_t[12] _octets

    def __init__(self, text):
        """From text: ``65000:1:2``."""
        cdef bytes wire = parse_large(text)
        memcpy(self._octets, PyBytes_AS_STRING(wire), 12)

    @classmethod
    def from_bytes(cls, data):
        """From 12 octets. ValueError for any other number."""
        cdef LargeCommunity self
        cdef bytes wire = as_bytes(data)
        if len(wire) != 12:
            raise ValueError(f"a large community has 12 octets, not {len(wire)}")
        self = LargeCommunity.__new__(LargeCommunity)
        memcpy(self._octets, PyBytes_AS_STRING(wire), 12)
        return self

    _restore = from_bytes

    def __bytes__(self):
        return PyBytes_FromStringAndSize(<const char *> self._octets, 12)


@cython.final
cdef class ExtendedCommunity(Value, ExtendedCommunityMixin):
    """An extended community of 8 octets."""

    cdef uint8_t[8] _octets

    def __init__(self, text):
        """From text that ``str()`` gives: ``rt:65000:100``, ``encap:vxlan``, ``0x`` and 16 hex digits; and in the
        forms of daemons, ``target:65000:100`` and ``(rt, 65000, 100)``. ValueError for text that is none, or may be
        several."""
        cdef bytes wire = parse_extended(text)
        memcpy(self._octets, PyBytes_AS_STRING(wire), 8)

    @classmethod
    def from_bytes(cls, data):
        """From 8 octets. ValueError for any other number."""
        cdef ExtendedCommunity self
        cdef bytes wire = as_bytes(data)
        if len(wire) != 8:
            raise ValueError(f"an extended community has 8 octets, not {len(wire)}")
        self = ExtendedCommunity.__new__(ExtendedCommunity)
        memcpy(self._octets, PyBytes_AS_STRING(wire), 8)
        return self

    _restore = from_bytes

    def __bytes__(self):
        return PyBytes_FromStringAndSize(<const char *> self._octets, 8)


cdef Communities communities_of(const uint8_t *octets, Py_ssize_t size):
    cdef Communities self = Communities.__new__(Communities)
    self._wire = PyBytes_FromStringAndSize(<const char *> octets, size)
    return self


@cython.final
cdef class Communities(Value, CommunitiesMixin):
    """The value of the COMMUNITIES attribute: a sequence of :class:`Community`."""

    _item = Community

    def __cinit__(self):
        self._wire = b""

    def __init__(self, values=()):
        self._wire = self._pack(values)

    @classmethod
    def _restore(cls, data):
        cdef Communities self = Communities.__new__(Communities)
        self._wire = cls._check(data)
        return self

    def __bytes__(self):
        return self._wire

    def __len__(self):
        return PyBytes_GET_SIZE(self._wire) // 4

    def __iter__(self):
        cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(self._wire)
        cdef Community community
        cdef list out = []
        cdef Py_ssize_t at
        for at in range(0, PyBytes_GET_SIZE(self._wire), 4):
            community = Community.__new__(Community)
            community._value = be32(octets + at)
            out.append(community)
        return iter(out)

    def __getitem__(self, index):
        cdef Py_ssize_t at, count = PyBytes_GET_SIZE(self._wire) // 4
        cdef Community community
        if type(index) is not int or not -count <= index < count:
            return CollectionMixin.__getitem__(self, index)
        at = index
        community = Community.__new__(Community)
        community._value = be32(<const uint8_t *> PyBytes_AS_STRING(self._wire) + 4 * (at if at >= 0 else at + count))
        return community

    def __str__(self):
        cdef Py_ssize_t size = PyBytes_GET_SIZE(self._wire)
        cdef char[4096] small
        cdef char *buffer
        if size // 4 * TEXT <= 4096:
            return ascii(small, put_communities(small, <const uint8_t *> PyBytes_AS_STRING(self._wire), size))
        buffer = <char *> PyMem_Malloc(size // 4 * TEXT)
        if buffer == NULL:
            raise MemoryError
        try:
            return ascii(buffer, put_communities(buffer, <const uint8_t *> PyBytes_AS_STRING(self._wire), size))
        finally:
            PyMem_Free(buffer)

    def __contains__(self, item):
        if isinstance(item, Community):
            return holds(self, <Community> item)
        item = self._read(item)
        return isinstance(item, Community) and holds(self, <Community> item)


cdef bint holds(Communities values, Community item) noexcept:
    cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(values._wire)
    cdef const uint8_t *end = octets + PyBytes_GET_SIZE(values._wire)
    cdef uint32_t value = item._value
    while octets < end:
        if be32(octets) == value:
            return True
        octets += 4
    return False


cdef char *put_communities(char *out, const uint8_t *octets, Py_ssize_t size) except NULL:
    """Write them with blanks between, TEXT octets at most for each; where the text ends."""
    cdef Py_ssize_t at
    cdef uint32_t value
    for at in range(0, size, 4):
        value = be32(octets + at)
        if value >> 16 == 0xFFFF and value in NAMES:
            out = put_name(out, value)
        else:
            out = put_u32(out, value >> 16)
            out[0] = 58
            out = put_u32(out + 1, value & 0xFFFF)
        out[0] = 32
        out += 1
    return out - 1 if size else out


cdef char *put_name(char *out, uint32_t value) except NULL:
    cdef bytes name = NAMES[value]
    memcpy(out, PyBytes_AS_STRING(name), PyBytes_GET_SIZE(name))
    return out + PyBytes_GET_SIZE(name)


@cython.final
cdef class LargeCommunities(Value, LargeCommunitiesMixin):
    """The value of the LARGE_COMMUNITY attribute: a sequence of :class:`LargeCommunity`."""

    _item = LargeCommunity

    def __cinit__(self):
        self._wire = b""

    def __init__(self, values=()):
        self._wire = self._pack(values)

    @classmethod
    def _restore(cls, data):
        cdef LargeCommunities self = LargeCommunities.__new__(LargeCommunities)
        self._wire = cls._check(data)
        return self

    def __bytes__(self):
        return self._wire

    def __len__(self):
        return PyBytes_GET_SIZE(self._wire) // 12

    def __getitem__(self, index):
        return CollectionMixin.__getitem__(self, index)


@cython.final
cdef class ExtendedCommunities(Value, ExtendedCommunitiesMixin):
    """The value of the EXTENDED COMMUNITIES attribute: a sequence of :class:`ExtendedCommunity`."""

    _item = ExtendedCommunity

    def __cinit__(self):
        self._wire = b""

    def __init__(self, values=()):
        self._wire = self._pack(values)

    @classmethod
    def _restore(cls, data):
        cdef ExtendedCommunities self = ExtendedCommunities.__new__(ExtendedCommunities)
        self._wire = cls._check(data)
        return self

    def __bytes__(self):
        return self._wire

    def __len__(self):
        return PyBytes_GET_SIZE(self._wire) // 8

    def __getitem__(self, index):
        return CollectionMixin.__getitem__(self, index)


def decode_communities(const unsigned char[:] data not None):
    """The value of COMMUNITIES (RFC 1997): 4 octets a community.

    Returns the :class:`bgpwire.Communities` that are whole, and the fault or ``None``: no octets, or not a
    multiple of 4 (RFC 7606 section 7.8).
    """
    return Communities._whole(octets_of(data) if data.shape[0] else b"")


def decode_extended_communities(const unsigned char[:] data not None):
    """The value of EXTENDED COMMUNITIES (RFC 4360): 8 octets a community.

    Returns the :class:`bgpwire.ExtendedCommunities` that are whole, and the fault or ``None``: no octets, or not a
    multiple of 8 (RFC 7606 section 7.14).
    """
    return ExtendedCommunities._whole(octets_of(data) if data.shape[0] else b"")


def decode_large_communities(const unsigned char[:] data not None):
    """The value of LARGE_COMMUNITY (RFC 8092): 12 octets a community.

    Returns the :class:`bgpwire.LargeCommunities` that are whole, and the fault or ``None``: no octets, or not a
    multiple of 12 (RFC 8092 section 6).
    """
    return LargeCommunities._whole(octets_of(data) if data.shape[0] else b"")
