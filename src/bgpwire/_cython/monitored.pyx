"""Route Monitoring messages of BMP as MRT records, many at a time (RFC 7854 section 4.6, RFC 8050).

See the twin, ``_python/monitored.py``.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_GET_SIZE
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_CheckExact, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.dict cimport PyDict_GetItem
from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcmp, memcpy, memset

from bgpwire._cython.cursor cimport be16, be32
from bgpwire._cython.numbers cimport BGP4MP_ET, UPDATE
from bgpwire._cython.path_ids cimport FAMILIES, KINDS, path_ids_of

__all__ = ["monitored_records"]

cdef extern from "Python.h":
    int resize "_PyBytes_Resize" (PyObject **text, Py_ssize_t size) except -1
    PyObject *new_bytes "PyBytes_FromStringAndSize" (const char *text, Py_ssize_t size) except NULL
    char *memory_of "PyBytes_AS_STRING" (PyObject *text) noexcept

cdef enum:
    COMMON = 6  # octets of the common header: version, length, type
    PEER = 34  # octets of the per-peer header in front of its time: what is the same in all messages of a table
    HEAD = 48  # octets of both headers
    SHORTEST = 71  # octets of a message: the headers, and an UPDATE without routes and attributes
    SECOND = 1000000  # microseconds
    RECORD = 16  # octets of the header of a record of BGP4MP_ET, and its microseconds
    HEADS_MOST = 46  # octets of a head: the subtype, and what BGP4MP has in front of the message
    VERSION = 3
    ROUTE_MONITORING = 0

cdef uint8_t[16] MARKER
memset(MARKER, 0xFF, 16)


cdef inline void put32(uint8_t *out, uint32_t value) noexcept nogil:
    out[0] = <uint8_t> (value >> 24)
    out[1] = <uint8_t> (value >> 16 & 0xFF)
    out[2] = <uint8_t> (value >> 8 & 0xFF)
    out[3] = <uint8_t> (value & 0xFF)


cdef inline Py_ssize_t usual(const uint8_t *pos, Py_ssize_t left) noexcept nogil:
    """How many octets the message has that begins there, if it is a usual one, and whole; else 0."""
    cdef Py_ssize_t size, withdrawn
    if left < SHORTEST or pos[0] != VERSION or pos[5] != ROUTE_MONITORING:
        return 0
    size = be32(pos + 1)
    if size > left or size < SHORTEST or be32(pos + COMMON + PEER + 4) >= SECOND:
        return 0
    pos += HEAD
    if pos[18] != UPDATE or be16(pos + 16) != size - HEAD or memcmp(pos, MARKER, sizeof(MARKER)) != 0:
        return 0
    # The lengths of its sections: one that is wrong is for who reports it.
    withdrawn = be16(pos + 19)
    if SHORTEST + withdrawn > size or SHORTEST + withdrawn + be16(pos + 21 + withdrawn) > size:
        return 0
    return size


def monitored_records(const unsigned char[:] data not None, Py_ssize_t start, dict heads not None):
    """The UPDATEs of the Route Monitoring messages (version 3) at ``start`` of ``data`` as BGP4MP_ET records: the
    octets of the records, where in ``data`` the messages end, and how many there are.

    ``heads`` has, by the octets of a per-peer header in front of its time, the subtype and the octets that the records
    of its table have in front of the message; of a table with path identifiers what is known of its families, and such
    a head, or ``None``, for each kind of UPDATE (:func:`path_ids_kind`). The first message that is not whole, has no
    head, or is not a header and one UPDATE whose sections fit into it, is not taken, and none behind it.
    """
    cdef Py_ssize_t size = data.shape[0], at = start, length, count = 0, room
    cdef const uint8_t *base
    cdef const uint8_t *pos
    cdef uint8_t *out
    cdef PyObject *head
    cdef PyObject *made
    cdef object found
    cdef bytes octets
    if not 0 <= start <= size:
        raise ValueError(f"octet {start} of {size}")
    if size - start < SHORTEST or data.strides[0] != 1:
        return b"", start, 0
    base = &data[0]
    # A message of BMP is 12 octets shorter than its record at most.
    room = size - start + (size - start) // SHORTEST * (RECORD + HEADS_MOST - 2 - HEAD)
    made = new_bytes(NULL, room)
    try:
        out = <uint8_t *> memory_of(made)
        while True:
            pos = base + at
            length = usual(pos, size - at)
            if not length:
                break
            head = PyDict_GetItem(heads, PyBytes_FromStringAndSize(<const char *> pos + COMMON, PEER))
            if head == NULL:
                break
            found = <object> head
            if not PyBytes_CheckExact(found):
                found = head_of_kind(<tuple?> found, pos + HEAD, length - HEAD)
                if found is None:
                    break
            octets = <bytes?> found
            if not 2 <= PyBytes_GET_SIZE(octets) <= HEADS_MOST:
                raise ValueError(f"a head of {len(octets)} octets")
            out = put_record(out, pos, length, <const uint8_t *> PyBytes_AS_STRING(octets), PyBytes_GET_SIZE(octets))
            at += length
            count += 1
        resize(&made, <char *> out - memory_of(made))
        return <bytes> made, at, count
    finally:
        release(made)


cdef object head_of_kind(tuple table, const uint8_t *update, Py_ssize_t size):
    """The head that a table with path identifiers has for this UPDATE, or ``None``."""
    cdef bytearray families = <bytearray?> table[0]
    cdef list heads = <list?> table[1]
    cdef int kind
    if PyByteArray_GET_SIZE(families) != FAMILIES or len(heads) != KINDS:
        raise ValueError(f"{len(families)} families and {len(heads)} heads")
    kind = path_ids_of(update, size, <const uint8_t *> PyByteArray_AS_STRING(families))
    return None if kind < 0 else heads[kind]


cdef inline uint8_t *put_record(
    uint8_t *out, const uint8_t *pos, Py_ssize_t size, const uint8_t *head, Py_ssize_t head_size
) noexcept:
    """Write the record of a message of ``size`` octets; where it ends."""
    memcpy(out, pos + COMMON + PEER, 4)
    out[4] = 0
    out[5] = BGP4MP_ET
    memcpy(out + 6, head, 2)
    put32(out + 8, <uint32_t> (4 + head_size - 2 + size - HEAD))
    memcpy(out + 12, pos + COMMON + PEER + 4, 4)
    memcpy(out + RECORD, head + 2, head_size - 2)
    out += RECORD + head_size - 2
    memcpy(out, pos + HEAD, size - HEAD)
    return out + size - HEAD


cdef extern from *:
    """
    #define BGPWIRE_RELEASE(text) Py_XDECREF(text)
    """
    void release "BGPWIRE_RELEASE" (PyObject *text)
