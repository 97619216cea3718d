"""AS_PATH and AS4_PATH (RFC 4271 section 5.1.2, RFC 5065, RFC 6793)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_INCREF
from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.cursor cimport Cursor, SegmentItem, Step, as_number, cursor, next_segment, offset
from bgpwire._cython.door cimport octets_of
from bgpwire._cython.free_list cimport FreeList, PyObject, PyTypeObject, give, take, take_bare, use
from bgpwire._cython.prefix cimport Value
from bgpwire._cython.text cimport ascii, put_u32

from bgpwire.errors import MALFORMED_AS_PATH, Action, UpdateMessageError
from bgpwire.value.octets import as_bytes
from bgpwire.value.as_path import AsPathMixin, Segment, SegmentType, parse_as_path

__all__ = ["AsPath", "check_as_path", "decode_as_path"]

cdef tuple TYPES = (None, *SegmentType)
# By segment type: what stands before, between and behind its AS numbers; 0 for nothing.
cdef const char *LEFT = b"\0{\0(["
cdef const char *MIDDLE = b"\0,  ,"
cdef const char *RIGHT = b"\0}\0)]"


cdef object check_octets(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, bint asn4, Py_ssize_t base, bint empty
):
    """The error in an AS_PATH's octets, ``None`` if it is well formed (RFC 7606 section 7.2); see ``check_as_path``."""
    cdef Cursor cur = cursor(data, start, end)
    cdef SegmentItem item
    cdef int width = 4 if asn4 else 2
    cdef int step = next_segment(&cur, width, &item)
    while step == Step.ITEM or (empty and step == Step.EMPTY_SEGMENT):
        if step == Step.EMPTY_SEGMENT:
            cur.pos += 2
        step = next_segment(&cur, width, &item)
    if step == Step.END:
        return None
    if step == Step.LONE_OCTET:
        reason = "1 octet behind the last segment"
    elif step == Step.BAD_TYPE:
        reason = f"segment type {cur.pos[0]}"
    elif step == Step.EMPTY_SEGMENT:
        reason = "segment without an AS number"
    else:
        reason = f"segment of {cur.pos[1]} AS numbers runs over the end"
    return UpdateMessageError(reason, offset(&cur) + base, None, MALFORMED_AS_PATH, Action.TREAT_AS_WITHDRAW)


def check_as_path(
    bytes data not None, Py_ssize_t start, Py_ssize_t end, bint asn4, Py_ssize_t base=0, bint empty=False
):
    """Raise unless ``data[start:end]`` is whole segments of known types, none empty (RFC 7606 section 7.2).

    With ``empty`` segments without an AS number are taken too.
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    error = check_octets(<const uint8_t *> PyBytes_AS_STRING(data), start, end, asn4, base, empty)
    if error is not None:
        raise error


cdef FreeList FREE


cdef PyObject *allocate(PyTypeObject *cls, Py_ssize_t items) noexcept:
    return take(&FREE, cls)


cdef void release(void *block) noexcept:
    give(&FREE, block)


cdef extern from *:
    """
    #define PATH_WIRE(path) ((PyObject **) (void *) &(path)->_wire)
    """
    PyObject **PATH_WIRE(AsPath path) noexcept
    # The reference is the caller's; NULL: the exception that is set.
    AsPath owned "BGPWIRE_OWNED" (PyObject *made)


cdef AsPath path_of(const uint8_t *octets, Py_ssize_t size, bint asn4):
    # No constructor, which would give it other octets first.
    cdef bytes wire = PyBytes_FromStringAndSize(<const char *> octets, size)
    cdef AsPath self = owned(take_bare(&FREE, <PyTypeObject *> AsPath))
    Py_INCREF(wire)
    PATH_WIRE(self)[0] = <PyObject *> wire
    self.asn4 = asn4
    return self


cdef inline Cursor octets_at(AsPath self) noexcept:
    return cursor(<const uint8_t *> PyBytes_AS_STRING(self._wire), 0, PyBytes_GET_SIZE(self._wire))


@cython.final
cdef class AsPath(Value, AsPathMixin):
    """An AS path: its octets, and the width of the AS numbers in them (``asn4``: 4 octets, else 2)."""

    def __cinit__(self):
        self._wire = b""

    def __init__(self, text):
        """From text, such as ``64500 64501 {64502,64503}``. ValueError if it is no path."""
        self._wire = parse_as_path(text)
        self.asn4 = True

    @classmethod
    def from_bytes(cls, data, bint asn4=True):
        """From the value of the attribute. :class:`bgpwire.UpdateMessageError` if it is malformed."""
        cdef bytes wire = as_bytes(data)
        check_as_path(wire, 0, len(wire), asn4)
        return path_of(<const uint8_t *> PyBytes_AS_STRING(wire), len(wire), asn4)

    _restore = from_bytes

    def __bytes__(self):
        return self._wire

    def __iter__(self):
        """Every AS number, in order, those of sets and confederations among them."""
        cdef Cursor cur = octets_at(self)
        cdef SegmentItem item
        cdef int index, width = 4 if self.asn4 else 2
        cdef list out = []
        while next_segment(&cur, width, &item) == Step.ITEM:
            for index in range(item.count):
                out.append(as_number(item.numbers + index * width, width))
        return iter(out)

    def __len__(self):
        """How many AS numbers are listed, each of a set too; :attr:`hops` is the length that route selection counts."""
        cdef Cursor cur = octets_at(self)
        cdef SegmentItem item
        cdef Py_ssize_t total = 0
        while next_segment(&cur, 4 if self.asn4 else 2, &item) == Step.ITEM:
            total += item.count
        return total

    def __contains__(self, item):
        cdef Cursor cur = octets_at(self)
        cdef SegmentItem found
        cdef int index, width = 4 if self.asn4 else 2
        cdef uint32_t asn
        if type(item) is not int or not 0 <= item <= 0xFFFFFFFF:
            return AsPathMixin.__contains__(self, item)
        asn = item
        while next_segment(&cur, width, &found) == Step.ITEM:
            for index in range(found.count):
                if as_number(found.numbers + index * width, width) == asn:
                    return True
        return False

    def __getitem__(self, index):
        return AsPathMixin.__getitem__(self, index)

    @property
    def segments(self):
        """The segments in order, made anew at each call."""
        cdef bytes wire = self._wire  # held: what makes a segment may run anything
        cdef Cursor cur = cursor(<const uint8_t *> PyBytes_AS_STRING(wire), 0, PyBytes_GET_SIZE(wire))
        cdef SegmentItem item
        cdef int index, width = 4 if self.asn4 else 2
        cdef list out = []
        while next_segment(&cur, width, &item) == Step.ITEM:
            numbers = [as_number(item.numbers + index * width, width) for index in range(item.count)]
            out.append(Segment(TYPES[item.kind], tuple(numbers)))
        return tuple(out)

    @property
    def origin_asn(self):
        """The one AS that originated the route, ``None`` where none or several did."""
        cdef Cursor cur = octets_at(self)
        cdef SegmentItem item
        cdef int width = 4 if self.asn4 else 2
        cdef uint32_t last = 0
        cdef int count = 0
        while next_segment(&cur, width, &item) == Step.ITEM:
            if item.kind == 2:
                last = as_number(item.numbers + (item.count - 1) * width, width)
                count = 1
            elif item.kind == 1:
                last = as_number(item.numbers, width)
                count = item.count
        return last if count == 1 else None

    def __str__(self):
        # Ten digits and a separator an AS number, two brackets and a blank a segment; an octet of the path
        # never becomes more than 6.
        cdef Py_ssize_t size = PyBytes_GET_SIZE(self._wire) * 6 + 8
        cdef Cursor cur = octets_at(self)
        cdef SegmentItem item
        cdef int index, width = 4 if self.asn4 else 2
        cdef char[512] small
        cdef char *buffer = small
        cdef char *out
        if size > 512:
            buffer = <char *> PyMem_Malloc(size)
            if buffer == NULL:
                raise MemoryError
        try:
            out = buffer
            while next_segment(&cur, width, &item) == Step.ITEM:
                if out != buffer:
                    out[0] = 32
                    out += 1
                if LEFT[item.kind]:
                    out[0] = LEFT[item.kind]
                    out += 1
                for index in range(item.count):
                    if index:
                        out[0] = MIDDLE[item.kind]
                        out += 1
                    out = put_u32(out, as_number(item.numbers + index * width, width))
                if RIGHT[item.kind]:
                    out[0] = RIGHT[item.kind]
                    out += 1
            return ascii(buffer, out)
        finally:
            if buffer != small:
                PyMem_Free(buffer)


def decode_as_path(const unsigned char[:] data not None, *, bint asn4=True):
    """The value of AS_PATH or AS4_PATH (RFC 4271 section 4.3, RFC 6793): segments of AS numbers of 4 octets, or of 2
    without ``asn4``.

    Returns the :class:`bgpwire.AsPath` of the segments before the first fault, and the fault or ``None``: an
    unregistered segment type, one without an AS number, or octets that are no whole segment (RFC 7606 section 7.2).
    """
    # A copy first: what is checked is what is kept, also if another thread writes into the buffer meanwhile.
    cdef AsPath path = path_of(NULL, 0, asn4)
    cdef bytes wire
    if not data.shape[0]:
        return path, None
    wire = octets_of(data)
    error = check_octets(<const uint8_t *> PyBytes_AS_STRING(wire), 0, PyBytes_GET_SIZE(wire), asn4, 0, False)
    path._wire = wire if error is None else wire[: error.offset]
    return path, error


use(AsPath, allocate, release)
