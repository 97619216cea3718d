"""A buffer that grows, in network order: what every hand-written encoder writes with."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.number cimport PyNumber_Index
from libc.stdint cimport uint8_t, uint64_t

from bgpwire._cython.prefix cimport Address
from bgpwire._cython.reader cimport as_bytes

from bgpwire.value.octets import unfit
from bgpwire.value.signature import TwinSignature

__all__ = ["Writer"]

cdef extern from "Python.h":
    int PyFloat_Pack4(double x, char *p, int le) except -1
    int PyFloat_Pack8(double x, char *p, int le) except -1


cdef class Writer:
    """Writes what :class:`bgpwire.Reader` reads, from left to right; ``bytes()`` are the octets written.

    Each write adds its octets, or raises and adds none: ValueError, which names the field, for a value that does not
    fit, TypeError for one of another sort.
    """

    cdef bytearray _data
    cdef Writer _outer
    cdef object _size
    cdef object _extra

    __signature__ = TwinSignature()

    def __cinit__(self):
        self._data = bytearray()
        self._size = 0
        self._extra = 0

    def __len__(self):
        """How many octets have been written."""
        return len(self._data)

    def __bytes__(self):
        return bytes(self._data)

    cdef int _number(self, object value, int size, str name) except -1:
        """``size`` is at most 8."""
        cdef object number = PyNumber_Index(value)
        cdef uint64_t bits
        cdef uint8_t octets[8]
        cdef int at
        try:
            bits = number
        except OverflowError:
            raise unfit(name, number) from None
        if size < 8 and bits >> 8 * size:
            raise unfit(name, number)
        for at in range(size):
            octets[size - 1 - at] = <uint8_t> (bits & 0xFF)
            bits >>= 8
        self._data += PyBytes_FromStringAndSize(<char *> octets, size)
        return 0

    def u8(self, value):
        self._number(value, 1, "u8")

    def u16(self, value):
        self._number(value, 2, "u16")

    def u24(self, value):
        self._number(value, 3, "u24")

    def u32(self, value):
        self._number(value, 4, "u32")

    def u64(self, value):
        self._number(value, 8, "u64")

    def uint(self, value, Py_ssize_t size):
        """An unsigned integer in ``size`` octets."""
        if size < 0:
            raise ValueError(f"uint: {size} octets")
        if size <= 8:
            self._number(value, <int> size, f"u{8 * size}")
            return
        cdef object number = PyNumber_Index(value)
        try:
            self._data += number.to_bytes(size)
        except OverflowError:
            raise unfit(f"u{8 * size}", number) from None

    def f32(self, value):
        """IEEE 754 single. ValueError for what only an infinity is near."""
        cdef char octets[4]
        try:
            PyFloat_Pack4(value, octets, 0)
        except OverflowError:
            raise unfit("f32", value) from None
        self._data += PyBytes_FromStringAndSize(octets, 4)

    def f64(self, value):
        """IEEE 754 double."""
        cdef char octets[8]
        try:
            PyFloat_Pack8(value, octets, 0)
        except OverflowError:
            raise unfit("f64", value) from None
        self._data += PyBytes_FromStringAndSize(octets, 8)

    def octets(self, data):
        """Octets as they are."""
        self._data += as_bytes(data)

    def skip(self, Py_ssize_t size):
        """``size`` reserved octets: zeros."""
        if size < 0:
            raise ValueError(f"skip: {size} octets")
        self._data += bytes(size)

    def ipv4(self, value):
        """An address of 4 octets."""
        self._address(value, 4, "ipv4")

    def ipv6(self, value):
        """An address of 16 octets."""
        self._address(value, 16, "ipv6")

    def address(self, value):
        """An address, 4 or 16 octets."""
        self._address(value, 0, "address")

    cdef int _address(self, object value, Py_ssize_t size, str name) except -1:
        if not isinstance(value, Address):
            raise TypeError(f"{name}: an Address is needed, not {type(value).__name__}")
        cdef bytes packed = bytes(value)
        if size and len(packed) != size:
            raise ValueError(f"{name}: an address of {len(packed)} octets")
        self._data += packed
        return 0

    def sub(self, Py_ssize_t size, extra=0):
        """A writer of what stands behind a length of ``size`` octets: ``with writer.sub(2) as body: …``.

        Length and contents come into this writer when the block is left, or by :meth:`close`; ``extra`` is how many
        octets the length counts beyond the contents.
        """
        if size < 0:
            raise ValueError(f"sub: a length of {size} octets")
        cdef Writer inner = Writer.__new__(Writer)
        inner._outer = self
        inner._size = size
        inner._extra = extra
        return inner

    def close(self):
        """Hand length and contents to the writer this one is a part of. ValueError if it is no part, or closed."""
        cdef Writer outer = self._outer
        if outer is None:
            raise ValueError("close: a writer that is a part of no other")
        cdef object length = len(self._data) + self._extra
        try:
            front = length.to_bytes(self._size)
        except OverflowError:
            raise unfit(f"length: u{8 * self._size}", length) from None
        outer._data += front + self._data
        self._outer = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        """:meth:`close`, unless an exception ends the block."""
        if kind is None:
            self.close()
