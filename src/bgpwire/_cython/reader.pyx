"""A cursor over octets in network order: what every hand-written decoder reads with."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport be16, be32, be64
from bgpwire._cython.prefix cimport address_of

from bgpwire.errors import TruncatedError
from bgpwire.value.signature import TwinSignature

__all__ = ["Reader", "as_bytes", "reader_of"]


cpdef bytes as_bytes(object data):
    """The octets of any buffer, copied unless they are ``bytes`` already. TypeError for str and None."""
    if type(data) is bytes:
        return <bytes> data
    return memoryview(data).tobytes()


cdef inline const uint8_t *octets(bytes data) noexcept:
    return <const uint8_t *> PyBytes_AS_STRING(data)


cdef Reader reader_over(bytes data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t base):
    cdef Reader reader = Reader.__new__(Reader)
    reader._data = data
    reader._pos = start
    reader._end = end
    reader.base = base
    return reader


cdef object too_short(Reader reader, Py_ssize_t size):
    """The error of ``size`` octets that are not there."""
    return TruncatedError(f"{size} octets needed, {reader._end - reader._pos} left", reader._pos + reader.base)


cdef class Reader:
    """Reads ``data[start:end]`` from left to right.

    ``base`` is added to every offset this reader reports, so that errors count from where the caller's
    octets began. Each read takes its octets or raises :class:`bgpwire.TruncatedError` and takes none.
    """

    __signature__ = TwinSignature()

    def __init__(self, data, Py_ssize_t start=0, end=None, Py_ssize_t base=0):
        cdef bytes wire = as_bytes(data)
        cdef Py_ssize_t size = len(wire)
        cdef Py_ssize_t stop = size if end is None else end
        if not 0 <= start <= stop <= size:
            raise ValueError(f"no octets {start} to {stop} in a buffer of {size}")
        self._data = wire
        self._pos = start
        self._end = stop
        self.base = base

    def __cinit__(self):
        self._data = b""

    def __len__(self):
        """How many octets are left."""
        return self._end - self._pos

    @property
    def offset(self):
        """Where the next octet stands, ``base`` included."""
        return self._pos + self.base

    cdef Py_ssize_t _take(self, Py_ssize_t size) except -1:
        cdef Py_ssize_t pos = taken(self, size)
        if pos < 0:
            raise too_short(self, size)
        return pos

    def u8(self):
        cdef Py_ssize_t pos = self._take(1)
        return octets(self._data)[pos]

    def u16(self):
        cdef Py_ssize_t pos = self._take(2)
        return be16(octets(self._data) + pos)

    def u24(self):
        cdef Py_ssize_t pos = self._take(3)
        return be16(octets(self._data) + pos) << 8 | octets(self._data)[pos + 2]

    def u32(self):
        cdef Py_ssize_t pos = self._take(4)
        return be32(octets(self._data) + pos)

    def u64(self):
        cdef Py_ssize_t pos = self._take(8)
        return be64(octets(self._data) + pos)

    def f32(self):
        cdef Py_ssize_t pos = self._take(4)
        cdef uint32_t bits = be32(octets(self._data) + pos)
        cdef float value
        memcpy(&value, &bits, 4)
        return value

    def f64(self):
        cdef Py_ssize_t pos = self._take(8)
        cdef uint64_t bits = be64(octets(self._data) + pos)
        cdef double value
        memcpy(&value, &bits, 8)
        return value

    def uint(self, Py_ssize_t size):
        """An unsigned integer of ``size`` octets."""
        cdef Py_ssize_t pos = self._take(size)
        if size > 8:
            return int.from_bytes(self._data[pos : pos + size])
        return number_at(self, pos, size)

    def take(self, Py_ssize_t size):
        """The next ``size`` octets."""
        cdef Py_ssize_t pos = self._take(size)
        return PyBytes_FromStringAndSize(PyBytes_AS_STRING(self._data) + pos, size)

    def rest(self):
        """All octets that are left."""
        cdef Py_ssize_t size = self._end - self._pos
        cdef Py_ssize_t pos = self._take(size)
        return PyBytes_FromStringAndSize(PyBytes_AS_STRING(self._data) + pos, size)

    def skip(self, Py_ssize_t size):
        self._take(size)

    def peek(self):
        """The next octet, left where it is."""
        if self._pos >= self._end:
            raise TruncatedError("1 octets needed, 0 left", self._pos + self.base)
        return octets(self._data)[self._pos]

    def ahead(self, Py_ssize_t size):
        """The next ``size`` octets, or as many as are left, left where they are."""
        cdef Py_ssize_t most = max(0, min(size, self._end - self._pos))
        return PyBytes_FromStringAndSize(PyBytes_AS_STRING(self._data) + self._pos, most)

    def sub(self, Py_ssize_t size):
        """A reader of the next ``size`` octets alone; this one goes on behind them."""
        cdef Py_ssize_t pos = self._take(size)
        return reader_over(self._data, pos, pos + size, self.base)

    def since(self, Py_ssize_t offset):
        """The octets read since :attr:`offset` had the given value."""
        cdef Py_ssize_t start = offset - self.base
        if not 0 <= start <= self._pos:
            raise ValueError("an offset this reader has not passed")
        return PyBytes_FromStringAndSize(PyBytes_AS_STRING(self._data) + start, self._pos - start)

    def ipv4(self):
        """An address of 4 octets."""
        cdef Py_ssize_t pos = self._take(4)
        return address_of(octets(self._data) + pos, 4)

    def ipv6(self):
        """An address of 16 octets."""
        cdef Py_ssize_t pos = self._take(16)
        return address_of(octets(self._data) + pos, 16)

    def address(self, Py_ssize_t size):
        """An address of ``size`` octets; :class:`bgpwire.TruncatedError` unless it is 4 or 16."""
        if size != 4 and size != 16:
            raise TruncatedError(f"an address of {size} octets", self._pos + self.base)
        cdef Py_ssize_t pos = self._take(size)
        return address_of(octets(self._data) + pos, size)


def reader_of(bytes data not None, Py_ssize_t base):
    """A reader of all of ``data``: as ``Reader(data, 0, None, base)``, for half of the time."""
    return reader_over(data, 0, len(data), base)
