"""Records of BGP4MP whose interface index is the number of a context: apart by that, or with the index put back.

See the twin, ``_python/heard.py``; ``listen/records.py`` has what the numbers are for.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport be16, be32
from bgpwire._cython.mrt_grammar cimport RECORD_HEADER, Bgp4mpForm, bgp4mp_form
from bgpwire._cython.numbers cimport BGP4MP_ET

__all__ = ["records_apart", "records_of_archive"]


cdef inline Py_ssize_t place_of(const uint8_t *record, Py_ssize_t left, Py_ssize_t *size) except -1:
    """Where in a record the interface index stands, and the size of the record."""
    cdef Bgp4mpForm form
    cdef Py_ssize_t place = RECORD_HEADER
    if left < RECORD_HEADER:
        raise ValueError("octets that are no records")
    size[0] = RECORD_HEADER + <Py_ssize_t> be32(record + 8)
    if be16(record + 4) == BGP4MP_ET:
        place += 4
    if not bgp4mp_form(be16(record + 6), &form):
        raise ValueError("octets that are no records")
    place += 2 * form.width
    if size[0] > left or size[0] < place + 4:
        raise ValueError("octets that are no records")
    return place


def records_apart(bytes octets not None, list parts not None, Py_ssize_t count):
    """The records of each of ``count`` parts, in their order: ``parts`` has by number in which one a record belongs."""
    cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(octets)
    cdef Py_ssize_t end = PyBytes_GET_SIZE(octets), at = 0, size = 0, part, place
    cdef Py_ssize_t *ends
    cdef uint8_t **outs
    cdef list made = []
    cdef bytes text
    if count < 0:
        raise ValueError(f"{count} parts")
    ends = <Py_ssize_t *> calloc(count + 1, sizeof(Py_ssize_t))
    outs = <uint8_t **> calloc(count + 1, sizeof(uint8_t *))
    try:
        if ends == NULL or outs == NULL:
            raise MemoryError("no memory for records")
        while at < end:
            place = place_of(data + at, end - at, &size)
            part = parts[be16(data + at + place)]
            if not 0 <= part < count:
                raise ValueError(f"part {part} of {count}")
            ends[part] += size
            at += size
        for part in range(count):
            text = PyBytes_FromStringAndSize(NULL, ends[part])
            made.append(text)
            outs[part] = <uint8_t *> PyBytes_AS_STRING(text)
        at = 0
        while at < end:
            place = place_of(data + at, end - at, &size)
            part = parts[be16(data + at + place)]
            memcpy(outs[part], data + at, size)
            outs[part] += size
            at += size
    finally:
        free(ends)
        free(outs)
    return made


def records_of_archive(bytes octets not None, list interfaces not None):
    """The records with the interface index that ``interfaces`` has for their number, and how many were left out: those
    of address family 0, which are in no archive."""
    cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(octets)
    cdef Py_ssize_t end = PyBytes_GET_SIZE(octets), at = 0, size = 0, place
    cdef bytes made = PyBytes_FromStringAndSize(NULL, end)
    cdef uint8_t *begin = <uint8_t *> PyBytes_AS_STRING(made)
    cdef uint8_t *out = begin
    cdef int interface, lost = 0
    while at < end:
        place = place_of(data + at, end - at, &size)
        interface = interfaces[be16(data + at + place)]
        if be16(data + at + place + 2) == 0:
            lost += 1
        else:
            memcpy(out, data + at, size)
            out[place] = <uint8_t> (interface >> 8 & 0xFF)
            out[place + 1] = <uint8_t> (interface & 0xFF)
            out += size
        at += size
    return made if out == begin + end else made[: out - begin], lost
