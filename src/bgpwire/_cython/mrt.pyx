"""Records of an MRT file (RFC 6396 section 2), with tears stepped over."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint16_t, uint32_t

from bgpwire._cython.cursor cimport be16, be32
from bgpwire._cython.prefix cimport Value

import struct

from bgpwire.old_writers import end_of_short_table_dump
from bgpwire.resync import KNOWN_TYPES, MAX_RECORD, Skip, follows, search
from bgpwire.value.restore import restore

__all__ = ["Record", "RecordWalker"]

cdef enum:
    HEADER = 12
    BLOCK = 1 << 18

cdef Py_ssize_t LONGEST = MAX_RECORD
cdef uint8_t[256] KNOWN
for _kind in range(256):
    KNOWN[_kind] = _kind in KNOWN_TYPES


@cython.final
@cython.no_gc
cdef class Record(Value):
    """One MRT record: its header's fields, its octets, and where it began in the (decompressed) file."""

    def __cinit__(self, *args, **kwargs):
        self.data = b""

    def __init__(self, uint32_t seconds, uint16_t type, uint16_t subtype, bytes data not None, long long offset=0):
        self.seconds = seconds
        self.type = type
        self.subtype = subtype
        self.data = data
        self.offset = offset

    @property
    def microseconds(self):
        """Of an extended-timestamp type (RFC 6396 section 3), else 0."""
        if self.type in (17, 33, 49, 65) and PyBytes_GET_SIZE(self.data) >= 4:
            return be32(<const uint8_t *> PyBytes_AS_STRING(self.data))
        return 0

    @property
    def timestamp(self):
        """Seconds since 1970, with microseconds where the record has them."""
        return self.seconds + self.microseconds / 1e6

    @classmethod
    def _restore(cls, *args):
        return cls(*args)

    def __reduce__(self):
        return restore, ("Record", self.seconds, self.type, self.subtype, self.data, self.offset)

    def __bytes__(self):
        return struct.pack(">IHHI", self.seconds, self.type, self.subtype, len(self.data)) + self.data

    def __eq__(self, other):
        if not isinstance(other, Record):
            return NotImplemented
        return bytes(self) == bytes(other)

    def __hash__(self):
        return hash((self.seconds, self.data))

    def __repr__(self):
        return f"<Record {self.type}/{self.subtype} of {len(self.data)} octets at {self.offset}>"


cdef inline bint looks_right(const uint8_t *header) noexcept nogil:
    """See ``resync.plausible``."""
    return header[4] == 0 and KNOWN[header[5]] and be16(header + 6) < 32 and be32(header + 8) <= LONGEST


cdef class RecordWalker:
    """Walks the records that ``read(n)`` gives, up to n octets a call, ``b""`` at the end.

    Iterating gives :class:`Record` objects; what is no record is stepped over and told to ``on_skip``.
    Memory stays within one block and one record, and a record of more than 16 MiB is taken for a tear.
    """

    def __init__(self, read, on_skip):
        self._read = read
        self._on_skip = on_skip

    def __cinit__(self, *args, **kwargs):
        self._data = b""
        self._short_end = -1

    @property
    def offset(self):
        """Where in the (decompressed) file the next record begins."""
        return self._base + self._pos

    def __iter__(self):
        return self

    cdef bint _fill(self, Py_ssize_t size) except -1:
        """Have ``size`` octets at the cursor, or all there are; whether it is ``size``."""
        cdef bytes part = self._data[self._pos :]
        cdef list parts = [part]
        cdef Py_ssize_t have = len(part)
        while have < size and not self._eof:
            part = self._read(max(BLOCK, size - have))
            if not part:
                self._eof = True
            have += len(part)
            parts.append(part)
        self._base += self._pos
        self._pos = 0
        self._data = b"".join(parts)
        return have >= size

    def __next__(self):
        cdef Record record = self.next_record()
        if record is None:
            raise StopIteration
        return record

    cdef Record next_record(self):
        """The next record, ``None`` at the end."""
        cdef const uint8_t *header
        cdef Py_ssize_t size, left, length, after
        cdef Record record
        while True:
            size = PyBytes_GET_SIZE(self._data)
            left = size - self._pos
            if left < HEADER:
                if not self._eof:
                    self._fill(HEADER)
                    continue
                if left:
                    self._skip(self._pos, size, "truncated record header")
                    self._pos = size
                return None
            header = <const uint8_t *> PyBytes_AS_STRING(self._data) + self._pos
            length = be32(header + 8)
            after = self._pos + HEADER + length
            if length <= LONGEST:
                # The header behind the record is looked at too, so it must be in the buffer.
                if size < after + HEADER and not self._eof:
                    self._fill(after + HEADER - self._pos)
                    continue
                if (
                    after <= size
                    and header[4] == 0
                    and KNOWN[header[5]]
                    and (looks_right(header + HEADER + length) if size - after >= HEADER else size == after)
                ):
                    record = Record.__new__(Record)
                    record.seconds = be32(header)
                    record.type = be16(header + 4)
                    record.subtype = be16(header + 6)
                    record.data = PyBytes_FromStringAndSize(<const char *> header + HEADER, length)
                    record.offset = self._base + self._pos
                    self._pos = after
                    return record
            record = self._torn(be16(header + 4), length, after)
            if record is not None:
                return record

    cdef Record _torn(self, int kind, Py_ssize_t length, Py_ssize_t after):
        """A header that cannot be trusted, or a record with none behind it: deliver it or step over it."""
        cdef bytes data = self._data
        cdef Py_ssize_t pos = self._pos
        cdef Py_ssize_t end
        if kind == 12 and length <= LONGEST:
            if after + 20 > len(data) and not self._eof:
                self._fill(after + 20 - pos)
                return None
            end = end_of_short_table_dump(data, pos, self._eof, self._base + pos == self._short_end)
            if end:
                seconds, kind, subtype, _ = struct.unpack_from(">IHHI", data, pos)
                self._pos = end
                self._short_end = self._base + end
                return Record(seconds, kind, subtype, data[pos + HEADER : end], self._base + pos)
        cdef bint whole = length <= LONGEST and after <= len(data)
        cdef bint known = looks_right(<const uint8_t *> PyBytes_AS_STRING(data) + pos)
        cdef Py_ssize_t found = search(data, pos + HEADER if known else pos + 1, self._eof)
        cdef Py_ssize_t keep
        if whole and not 0 <= found < after and (known or follows(data, after, self._eof)):
            # Nothing inside it looks like a record: it is whole, and the tear is behind it.
            seconds, kind, subtype, _ = struct.unpack_from(">IHHI", data, pos)
            self._pos = after
            return Record(seconds, kind, subtype, data[pos + HEADER : after], self._base + pos)
        if found >= 0:
            self._skip(pos, found, "torn record" if known else "no record header")
            self._pos = found
            return None
        if self._eof:
            reason = f"truncated record of {length} octets" if known else "no record header"
            self._skip(pos, len(data), reason)
            self._pos = len(data)
            return None
        # Nothing in this buffer: step over it, all but the octets a header may begin in.
        keep = max(pos + 1, len(data) - HEADER + 1)
        self._skip(pos, keep, "no record header")
        self._pos = keep
        self._fill(HEADER)
        return None

    cdef int _skip(self, Py_ssize_t start, Py_ssize_t end, str reason) except -1:
        self._on_skip(Skip(self._base + start, end - start, reason))
        return 0
