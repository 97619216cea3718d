"""Standard, extended and large communities (RFC 1997, RFC 4360, RFC 8092)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport be32
from bgpwire._cython.prefix cimport Value
from bgpwire._cython.text cimport ascii, put_u32

from bgpwire.value.octets import as_bytes
from bgpwire.value.community import (
    WELL_KNOWN,
    CollectionMixin,
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
]


@cython.final
cdef class Community(Value, CommunityMixin):
    """A community of 32 bits."""

    def __init__(self, str text not None):
        """From text: ``65000:100``, or a well-known name such as ``no-export``."""
        self._value = parse_community(text)

    @classmethod
    def from_int(cls, value):
        """From its 32 bits. ValueError if there are more."""
        cdef Community self
        if not 0 <= value <= 0xFFFFFFFF:
            raise ValueError("a community has 32 bits")
        self = Community.__new__(Community)
        self._value = value
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
            return NotImplemented
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

    def __init__(self, str text not None):
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

    def __init__(self, str text not None):
        """From text: ``rt:65000:100``, ``soo:192.0.2.1:5``, or ``0x`` and 16 hex digits."""
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
cdef class Communities(Value, CollectionMixin):
    """The value of the COMMUNITIES attribute: a sequence of :class:`Community`."""

    _attribute = "COMMUNITIES"
    _size = 4
    _item = Community

    def __cinit__(self):
        self._wire = b""

    def __init__(self, values=()):
        self._wire = self._pack(values)

    @classmethod
    def _restore(cls, bytes data not None):
        return communities_of(<const uint8_t *> PyBytes_AS_STRING(data), len(data))

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

    def __str__(self):
        # At most 11 characters and a blank for each; the well-known ones have names, and go the long way.
        cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(self._wire)
        cdef Py_ssize_t at, size = PyBytes_GET_SIZE(self._wire)
        cdef char[4096] buffer
        cdef char *out = buffer
        cdef uint32_t value
        if size > 1024:
            return CollectionMixin.__str__(self)
        for at in range(0, size, 4):
            value = be32(octets + at)
            if value >> 16 == 0xFFFF and value in WELL_KNOWN:
                return CollectionMixin.__str__(self)
            if at:
                out[0] = 32
                out += 1
            out = put_u32(out, value >> 16)
            out[0] = 58
            out = put_u32(out + 1, value & 0xFFFF)
        return ascii(buffer, out)

    def __contains__(self, item):
        cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(self._wire)
        cdef Py_ssize_t at
        if not isinstance(item, Community):
            return False
        for at in range(0, PyBytes_GET_SIZE(self._wire), 4):
            if be32(octets + at) == (<Community> item)._value:
                return True
        return False


@cython.final
cdef class LargeCommunities(Value, CollectionMixin):
    """The value of the LARGE_COMMUNITY attribute: a sequence of :class:`LargeCommunity`."""

    _attribute = "LARGE_COMMUNITY"
    _size = 12
    _item = LargeCommunity

    def __cinit__(self):
        self._wire = b""

    def __init__(self, values=()):
        self._wire = self._pack(values)

    @classmethod
    def _restore(cls, bytes data not None):
        cdef LargeCommunities self = LargeCommunities.__new__(LargeCommunities)
        self._wire = data
        return self

    def __bytes__(self):
        return self._wire

    def __len__(self):
        return PyBytes_GET_SIZE(self._wire) // 12

    def __getitem__(self, index):
        return CollectionMixin.__getitem__(self, index)


@cython.final
cdef class ExtendedCommunities(Value, CollectionMixin):
    """The value of the EXTENDED COMMUNITIES attribute: a sequence of :class:`ExtendedCommunity`."""

    _attribute = "EXTENDED COMMUNITIES"
    _size = 8
    _item = ExtendedCommunity

    def __cinit__(self):
        self._wire = b""

    def __init__(self, values=()):
        self._wire = self._pack(values)

    @classmethod
    def _restore(cls, bytes data not None):
        cdef ExtendedCommunities self = ExtendedCommunities.__new__(ExtendedCommunities)
        self._wire = data
        return self

    def __bytes__(self):
        return self._wire

    def __len__(self):
        return PyBytes_GET_SIZE(self._wire) // 8

    def __getitem__(self, index):
        return CollectionMixin.__getitem__(self, index)
