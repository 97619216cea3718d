"""A cursor over octets in network order: what every hand-written decoder reads with."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport be16, be32, be64
from bgpwire._cython.prefix cimport address_of

from bgpwire.errors import DecodeError, TruncatedError
from bgpwire.value.signature import TwinSignature

__all__ = ["Reader", "as_bytes"]


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

    def __cinit__(self, *args, **kwargs):
        self._data = b""

    def __len__(self):
        """How many octets are left."""
        return self._end - self._pos

    @property
    def offset(self):
        """Where the next octet stands, ``base`` included."""
        return self._pos + self.base

    cdef Py_ssize_t _take(self, Py_ssize_t size) except -1:
        cdef Py_ssize_t pos = self._pos
        if size < 0 or self._end - pos < size:
            raise TruncatedError(f"{size} octets needed, {self._end - pos} left", pos + self.base)
        self._pos = pos + size
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

    cdef object _number(self, Py_ssize_t size):
        cdef Py_ssize_t pos = self._take(size)
        cdef uint64_t value = 0
        cdef Py_ssize_t index
        if size > 8:
            return int.from_bytes(self._data[pos : pos + size])
        for index in range(size):
            value = value << 8 | octets(self._data)[pos + index]
        return value

    def uint(self, Py_ssize_t size):
        """An unsigned integer of ``size`` octets."""
        return self._number(size)

    def record(self, tuple fields not None):
        """The values of fields one behind the other, by name; those that are ``None`` are left out.

        Each field is ``(name, size, read)``: an unsigned integer of ``size`` octets, or with a size of 0 what
        ``read(reader)`` returns; without a name (``None``) that is a record too, whose values are taken over.
        """
        cdef dict out = {}
        cdef tuple field
        cdef Py_ssize_t size
        for field in fields:
            size = field[1]
            value = self._number(size) if size else field[2](self)
            if field[0] is None:
                out.update(value)
            elif value is not None:
                out[field[0]] = value
        return out

    def bits(self, Py_ssize_t size, tuple groups not None):
        """The groups of bits in ``size`` octets by name: ``(name, shift, mask, names, spare)`` each.

        ``names`` are what stands for numbers; a group that is ``spare`` is left out where it is 0. ValueError for more
        than 8 octets.
        """
        cdef uint64_t number, value
        cdef int shift
        cdef dict out = {}
        cdef dict names
        cdef tuple group
        if size > 8:
            raise ValueError(f"groups of bits in {size} octets")
        number = self._number(size)
        for group in groups:
            shift = group[1]
            value = number >> shift & <uint64_t> group[2]
            if value or not group[4]:
                names = group[3]
                found = value
                out[group[0]] = names.get(found, found)
        return out

    def repeat(self, read):
        """What ``read(reader)`` returns, again and again until no octets are left; DecodeError if it takes none."""
        cdef list out = []
        cdef Py_ssize_t before
        while self._pos < self._end:
            before = self._pos
            out.append(read(self))
            if self._pos == before:
                raise DecodeError("a repeated field without octets", self._pos + self.base)
        return tuple(out)

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
