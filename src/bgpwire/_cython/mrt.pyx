"""Records of an MRT file (RFC 6396 section 2), with tears stepped over."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint16_t, uint32_t

from bgpwire._cython.cursor cimport Cursor, Step, be32, cursor
from bgpwire._cython.event cimport Event, new_event
from bgpwire._cython.headers cimport RULES, Rules, plausible, registered
from bgpwire._cython.mrt_grammar cimport RECORD_HEADER, RecordItem, record_header
from bgpwire._cython.mrt_grammar cimport next_record as read_record
from bgpwire._cython.numbers cimport BGP4MP_ET, EARLY_BGP4MP_ET, ISIS_ET, OSPFV3_ET, PEER_INDEX_TABLE, TABLE_DUMP_V2
from bgpwire._cython.prefix cimport Value

import struct

from bgpwire._cython.headers import Headers
from bgpwire.mrt.resync import Resync, Skip
from bgpwire.value.restore import restore

__all__ = ["Record", "RecordWalker"]

cdef enum:
    BLOCK = 1 << 18
    BRIDGE = 1 << 12  # octets of the next block that are copied at least
    MORE = 1 << 20


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
        if self.type in (BGP4MP_ET, ISIS_ET, OSPFV3_ET, EARLY_BGP4MP_ET) and PyBytes_GET_SIZE(self.data) >= 4:
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


cdef class RecordWalker:
    """Walks the records that ``read(n)`` gives, about n octets a call or what is there, ``b""`` at the end.

    Iterating gives :class:`Record` objects; what is no record is stepped over and reported to ``on_skip``.
    ``ready()``, for a source that may have to be waited for, says whether ``read`` would return at once: if not, a
    record of a known type is given as soon as it is whole, and what stands behind a tear is judged by what has come.
    Without it the answer is the same however many octets a read gives. ``offset`` is where in the file the first octet
    stands. Memory stays within one block and one record, and around a tear within 18 MiB; a record of more than 16 MiB
    is taken for a tear.
    """

    def __init__(self, read, on_skip, ready=None, long long offset=0):
        self._read = read
        self._on_skip = on_skip
        self._ready = ready
        self._base = offset

    def __cinit__(self, *args, **kwargs):
        self._data = b""
        self._resync = Resync(Headers())
        self._table = -1

    @property
    def offset(self):
        """Where in the (decompressed) file the next record begins."""
        return self._base + self._pos

    def __iter__(self):
        return self

    def _fill(self, Py_ssize_t size, Py_ssize_t enough):
        """Have ``size`` octets at the cursor, or all there are, or ``enough`` where more would have to be waited
        for; whether anything is new."""
        cdef Py_ssize_t have = PyBytes_GET_SIZE(self._data) - self._pos
        cdef Py_ssize_t goal = size
        cdef list parts = []
        cdef bytes part
        cdef bint new = self._next is not None
        if new:
            self._come_together()
            have = PyBytes_GET_SIZE(self._data) - self._pos
        if have > BLOCK:
            # A large rest is not copied again for each few octets.
            goal = max(size, have + min(have, <Py_ssize_t> MORE))
        while have < goal and not self._eof:
            if have >= enough and self._idle():
                break
            part = self._read(max(<Py_ssize_t> BLOCK, goal - have))
            if not part:
                self._eof = True
            have += len(part)
            if not parts:
                # First, so that what is passed is not in memory beside what is joined below.
                self._data = self._data[self._pos :]
                self._base += self._pos
                self._pos = 0
                if self._data:
                    parts.append(self._data)
            parts.append(part)
        if not parts:
            return new
        self._data = b"".join(parts)
        return True

    cdef bint _bridge(self, Py_ssize_t need) except -1:
        """As ``_fill(need, 0)``, but a block that is read is not copied behind the rest of the one before: the record
        that stands in both, and a little behind it, is in a short one of its own. What that begins with ends at
        ``_lead``; behind that place ``_next`` has all of it too."""
        cdef Py_ssize_t have = PyBytes_GET_SIZE(self._data) - self._pos
        cdef bytes part
        if self._next is not None or have == 0 or self._eof or self._idle():
            return self._fill(need, 0)
        part = self._read(BLOCK)
        if not part:
            self._eof = True
            return True
        self._data = self._data[self._pos :]
        self._base += self._pos
        self._pos = 0
        self._next = part
        self._lead = have
        if have + PyBytes_GET_SIZE(part) < need:
            return self._fill(need, 0)
        self._data += part[: max(need - have, <Py_ssize_t> BRIDGE)]
        return True

    cdef int _come_together(self) except -1:
        """Have ``_next`` in ``_data``."""
        cdef Py_ssize_t past = self._pos - self._lead
        if past >= 0:
            self._data = self._next
            self._base += self._lead
            self._pos = past
        else:
            self._data = self._data[self._pos : self._lead] + self._next
            self._base += self._pos
            self._pos = 0
        self._next = None
        return 0

    def _idle(self):
        """Whether more octets would have to be waited for."""
        return not self._eof and self._next is None and self._ready is not None and not self._ready()

    cdef bint look_ahead(self) except -1:
        """Have the next record in the buffer, and the header behind it, as far as that can be done without waiting;
        whether anything is new. What is no record of a known type is not looked for."""
        cdef Cursor cur = cursor(
            <const uint8_t *> PyBytes_AS_STRING(self._data), self._pos, PyBytes_GET_SIZE(self._data)
        )
        cdef RecordItem item
        cdef int step = read_record(&cur, &item)
        cdef Py_ssize_t need = RECORD_HEADER
        if step == Step.ITEM or step == Step.OVERRUN:
            if not plausible(RULES, &item):
                return False
            need = item.length + 2 * RECORD_HEADER
        # _fill would read on where much is there: a file of unusual records would come into memory as a whole.
        return PyBytes_GET_SIZE(self._data) - self._pos < need and self._bridge(need)

    def __next__(self):
        cdef Record record = self.next_record()
        if record is None:
            raise StopIteration
        return record

    def events(self):
        """The records as events, of which nothing is known yet but what stands in the header."""
        cdef Event event = self.next_event()
        while event is not None:
            yield event
            event = self.next_event()

    cdef Event next_event(self):
        """The next record as an event, ``None`` at the end."""
        cdef bytes data = self.advance()
        return None if data is None else new_event(
            self._seconds, self._type, self._subtype, data, self._where, self._file
        )

    cdef Record next_record(self):
        """The next record, ``None`` at the end."""
        cdef Record record
        cdef bytes octets = self.advance()
        if octets is None:
            return None
        record = Record.__new__(Record)
        record.seconds = self._seconds
        record.type = self._type
        record.subtype = self._subtype
        record.data = octets
        record.offset = self._where
        return record

    cdef bytes advance(self):
        """The octets of the next record, whose header's fields are kept; ``None`` at the end."""
        cdef bytes data, octets
        cdef Cursor cur
        cdef const Rules *rules = RULES
        cdef RecordItem item, following
        cdef Py_ssize_t size, left, length, after, need, enough
        cdef int step
        cdef bint sound
        while True:
            data = self._data
            size = PyBytes_GET_SIZE(data)
            cur = cursor(<const uint8_t *> PyBytes_AS_STRING(data), self._pos, size)
            step = read_record(&cur, &item)
            if step == Step.END or step == Step.HEADER_OVERRUN:
                if not self._eof:
                    data = None
                    self._fill(RECORD_HEADER, RECORD_HEADER)
                    continue
                left = size - self._pos
                if left:
                    self._step_over(left, "truncated record header")
                return None
            after = item.start + item.length
            sound = False
            if item.length <= rules.longest:
                # The header behind the record is looked at too, so it must be in the buffer.
                if size - after >= RECORD_HEADER:
                    record_header(cur.base + after, &following)
                    sound = plausible(rules, &following)
                elif self._eof:
                    sound = size == after
                else:
                    need = after + RECORD_HEADER - self._pos
                    enough = after - self._pos if plausible(rules, &item) else need
                    data = None  # not to be kept beside what is read now
                    if self._fill(need, enough):
                        continue
                    data, sound = self._data, True
            if sound and registered(rules, &item):
                pass
            elif self._base + self._pos < self._sound and step == Step.ITEM:
                self._odd = self._odd or not plausible(rules, &item)
            else:
                self._odd = True
                data = None
                need = self._resync.extent(self)
                if not need:
                    continue
                # It may have looked further ahead, and so moved the buffer.
                data = self._data
                item.start = self._pos + RECORD_HEADER
                after = self._pos + need
            self._seconds = item.seconds
            self._type = item.type
            self._subtype = item.subtype
            length = after - item.start
            octets = PyBytes_FromStringAndSize(PyBytes_AS_STRING(data) + item.start, length)
            self._where = self._base + self._pos
            self._pos = after
            if item.type == TABLE_DUMP_V2 and item.subtype == PEER_INDEX_TABLE:
                self._table = self._where
            return octets

    def _step_over(self, Py_ssize_t length, str reason):
        """Move the cursor over octets that are no record."""
        skip = Skip(self._base + self._pos, length, reason)
        self._odd = True
        self._pos += length
        self._on_skip(skip)
