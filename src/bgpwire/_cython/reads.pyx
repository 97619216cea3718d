"""What reads the fields of a declaration: each is called with a :class:`bgpwire.Reader` and returns a value.

See the twin, ``_python/reads.py``. Here they are objects, and one inside another is read without a call of Python. An
error is raised where it is found and not in a function of its own: each that it passes costs as much as three fields.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t

from bgpwire._cython.prefix cimport address_of
from bgpwire._cython.reader cimport Reader, number_at, taken, too_short

from bgpwire.errors import DecodeError

__all__ = [
    "reads_address",
    "reads_again",
    "reads_counted",
    "reads_named",
    "reads_number",
    "reads_octets",
    "reads_optional",
    "reads_sized",
    "reads_times",
    "reads_turned",
    "skips",
]


cdef class Reads:
    cdef object of(self, Reader reader):
        raise NotImplementedError

    def __call__(self, Reader reader not None):
        return self.of(reader)


@cython.final
cdef class Other(Reads):
    """A function of Python."""

    cdef object read

    def __cinit__(self, read):
        self.read = read

    cdef object of(self, Reader reader):
        return self.read(reader)


cdef Reads reads_of(object read):
    return <Reads> read if isinstance(read, Reads) else Other(read)


cdef Py_ssize_t fitting(Py_ssize_t size, Py_ssize_t most, str what) except -1:
    if not 0 <= size <= most:
        raise ValueError(f"{what} in {size} octets")
    return size


@cython.final
cdef class Number(Reads):
    cdef Py_ssize_t size
    cdef dict names

    def __cinit__(self, Py_ssize_t size, names):
        self.size = fitting(size, 8, "a number")
        self.names = None if names is None else dict(names)

    cdef object of(self, Reader reader):
        cdef Py_ssize_t pos = taken(reader, self.size)
        cdef object found
        if pos < 0:
            raise too_short(reader, self.size)
        found = number_at(reader, pos, self.size)
        return found if self.names is None else self.names.get(found, found)


@cython.final
cdef class Address(Reads):
    cdef Py_ssize_t size

    def __cinit__(self, Py_ssize_t size):
        if size != 4 and size != 16:
            raise ValueError(f"an address of {size} octets")
        self.size = size

    cdef object of(self, Reader reader):
        cdef Py_ssize_t pos = taken(reader, self.size)
        if pos < 0:
            raise too_short(reader, self.size)
        return address_of(<const uint8_t *> PyBytes_AS_STRING(reader._data) + pos, self.size)


@cython.final
cdef class Octets(Reads):
    cdef Py_ssize_t size  # -1: all that are left

    def __cinit__(self, size):
        self.size = -1 if size is None else size

    cdef object of(self, Reader reader):
        cdef Py_ssize_t size = reader._end - reader._pos if self.size < 0 else self.size
        cdef Py_ssize_t pos = taken(reader, size)
        if pos < 0:
            raise too_short(reader, size)
        return PyBytes_FromStringAndSize(PyBytes_AS_STRING(reader._data) + pos, size)


@cython.final
cdef class Skips(Reads):
    cdef Py_ssize_t size

    def __cinit__(self, Py_ssize_t size):
        self.size = size

    cdef object of(self, Reader reader):
        if taken(reader, self.size) < 0:
            raise too_short(reader, self.size)
        return None


@cython.final
cdef class Optional(Reads):
    cdef Reads item

    def __cinit__(self, read):
        self.item = reads_of(read)

    cdef object of(self, Reader reader):
        return self.item.of(reader) if reader._pos < reader._end else None


@cython.final
cdef class Turned(Reads):
    cdef Reads item
    cdef object there

    def __cinit__(self, read, there):
        self.item = reads_of(read)
        self.there = there

    cdef object of(self, Reader reader):
        return self.there(self.item.of(reader))


@cython.final
cdef class Sized(Reads):
    cdef Reads item
    cdef Py_ssize_t size
    cdef Py_ssize_t extra
    cdef Py_ssize_t least
    cdef str reason

    def __cinit__(self, read, Py_ssize_t size, Py_ssize_t extra, Py_ssize_t least, str reason):
        self.item = reads_of(read)
        self.size = fitting(size, 7, "a length")
        self.extra = extra
        self.least = least
        self.reason = reason

    cdef object of(self, Reader reader):
        cdef Py_ssize_t length, end, left, pos = taken(reader, self.size)
        cdef object value
        if pos < 0:
            raise too_short(reader, self.size)
        length = <Py_ssize_t> number_at(reader, pos, self.size) - self.extra
        if length < self.least:
            if self.reason is not None:
                raise DecodeError(self.reason.format(length + self.extra), pos + reader.base)
            length = self.least
        pos = taken(reader, length)
        if pos < 0:
            raise too_short(reader, length)
        end, reader._pos, reader._end = reader._end, pos, pos + length
        try:
            value = self.item.of(reader)
        finally:
            left = pos + length - reader._pos
            reader._pos, reader._end = pos + length, end
        if left:
            raise DecodeError(f"{left} octets too many", pos + length - left + reader.base)
        return value


@cython.final
cdef class Times(Reads):
    cdef Reads item
    cdef Py_ssize_t count  # -1: as many as a number in front says
    cdef Py_ssize_t size  # of that number

    def __cinit__(self, read, Py_ssize_t count, Py_ssize_t size):
        self.item = reads_of(read)
        self.count = count
        self.size = fitting(size, 7, "a count")

    cdef object of(self, Reader reader):
        cdef list out = []
        cdef Py_ssize_t pos, count = self.count
        if count < 0:
            pos = taken(reader, self.size)
            if pos < 0:
                raise too_short(reader, self.size)
            count = <Py_ssize_t> number_at(reader, pos, self.size)
        for _ in range(count):
            out.append(self.item.of(reader))
        return tuple(out)


@cython.final
cdef class Again(Reads):
    cdef Reads item

    def __cinit__(self, read):
        self.item = reads_of(read)

    cdef object of(self, Reader reader):
        cdef list out = []
        cdef Py_ssize_t before
        while reader._pos < reader._end:
            before = reader._pos
            out.append(self.item.of(reader))
            if reader._pos == before:
                raise DecodeError("a repeated field without octets", reader._pos + reader.base)
        return tuple(out)


def reads_number(size):
    """An unsigned integer of ``size`` octets, at most 8."""
    return Number(size, None)


def reads_named(names, size):
    """What ``names`` has for an unsigned integer of ``size`` octets, at most 8; without that the integer itself."""
    return Number(size, names)


def reads_address(size):
    """An address of ``size`` octets, 4 or 16."""
    return Address(size)


def reads_octets(size):
    """``size`` octets; with ``None`` all that are left."""
    return Octets(size)


def skips(size):
    """``None``, behind ``size`` octets."""
    return Skips(size)


def reads_optional(read):
    """What ``read(reader)`` returns; ``None`` where no octets are left."""
    return Optional(read)


def reads_turned(read, there):
    """What ``there`` makes of what ``read(reader)`` returns."""
    return Turned(read, there)


def reads_sized(read, size, extra, least, reason):
    """What ``read`` returns of as many octets as a number of ``size`` octets says, less ``extra``; DecodeError if it
    leaves some. Fewer than ``least`` are a DecodeError of that ``reason``, with ``None`` they are read as ``least``."""
    return Sized(read, size, extra, least, reason)


def reads_times(read, count):
    """What ``read(reader)`` returns, ``count`` times, as a tuple."""
    return Times(read, max(count, 0), 0)


def reads_counted(read, size):
    """What ``read(reader)`` returns, as many times as a number of ``size`` octets in front says, as a tuple."""
    return Times(read, -1, size)


def reads_again(read):
    """What ``read(reader)`` returns, until no octets are left, as a tuple; DecodeError if it takes none."""
    return Again(read)
