"""The three sections of an UPDATE (RFC 4271 section 4.3)."""

from cpython.bytes cimport PyBytes_AS_STRING
from cpython.memoryview cimport PyMemoryView_FromObject
from cpython.sequence cimport PySequence_GetSlice
from libc.stdint cimport uint8_t

from bgpwire._cython.cursor cimport Cursor, SectionsItem, Step, cursor, next_sections
from bgpwire._cython.door cimport scattered

from bgpwire.errors import MALFORMED_ATTRIBUTE_LIST, UpdateMessageError

__all__ = ["section_ends", "split"]


cdef int find_ends(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t *first, Py_ssize_t *second
) except -1:
    """See ``section_ends``."""
    cdef Cursor cur = cursor(data, start, end)
    cdef SectionsItem item
    cdef int step = next_sections(&cur, &item)
    if step == Step.HEADER_OVERRUN:
        raise _overrun(f"UPDATE of {end - start} octets, at least 4 needed", start)
    if step == Step.OVERRUN:
        raise _overrun("Withdrawn Routes Length runs over the end", start)
    if step != Step.ITEM:
        raise _overrun("Total Path Attribute Length runs over the end", item.withdrawn_end)
    first[0] = item.withdrawn_end
    second[0] = item.attributes_end
    return 0


def section_ends(bytes data not None, Py_ssize_t start, Py_ssize_t end):
    """Where, in the UPDATE body ``data[start:end]``, the withdrawn routes and the attributes end.

    The withdrawn routes begin at ``start + 2``, the attributes 2 octets behind the first figure, the NLRI
    at the second. :class:`bgpwire.UpdateMessageError` 3/1 if a length runs over the end.
    """
    cdef Py_ssize_t withdrawn = 0, attributes = 0
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    find_ends(<const uint8_t *> PyBytes_AS_STRING(data), start, end, &withdrawn, &attributes)
    return withdrawn, attributes


def split(data):
    """Withdrawn routes, path attributes and NLRI of an UPDATE body (the message without its header).

    Nothing is copied: the three views share ``data``. :class:`bgpwire.UpdateMessageError` 3/1 if a
    length runs over the end; TypeError for what has no buffer, ValueError for one that is not one dimension of
    unsigned octets.
    """
    cdef object view = PyMemoryView_FromObject(data)
    cdef const unsigned char[:] octets = view
    cdef Py_ssize_t size = octets.shape[0]
    cdef Py_ssize_t withdrawn = 0, attributes = 0
    if scattered(octets):
        octets = bytes(octets)
    find_ends(&octets[0] if size else NULL, 0, size, &withdrawn, &attributes)
    return (
        PySequence_GetSlice(view, 2, withdrawn),
        PySequence_GetSlice(view, withdrawn + 2, attributes),
        PySequence_GetSlice(view, attributes, size),
    )


cdef object _overrun(str reason, Py_ssize_t offset):
    return UpdateMessageError(reason, offset, None, MALFORMED_ATTRIBUTE_LIST)
