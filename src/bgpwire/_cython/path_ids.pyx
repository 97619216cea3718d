"""Which NLRI of an UPDATE have the path identifiers that were negotiated, told of its octets.

See the twin, ``_python/path_ids.py``.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_GET_SIZE
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t

from bgpwire._cython.cursor cimport MESSAGE_HEADER
from bgpwire._cython.path_ids cimport FAMILIES, UNKNOWN_KIND, path_ids_of

__all__ = ["path_ids_kind"]


def path_ids_kind(bytes data not None, bytearray families not None):
    """The kind of the UPDATE ``data``, header included, of a table whose ``families`` are in these states; -1 where
    that is not for this to tell."""
    cdef Py_ssize_t size = PyBytes_GET_SIZE(data)
    if PyByteArray_GET_SIZE(families) != FAMILIES:
        raise ValueError(f"{len(families)} families")
    if size < MESSAGE_HEADER:
        return UNKNOWN_KIND
    return path_ids_of(
        <const uint8_t *> PyBytes_AS_STRING(data), size, <const uint8_t *> PyByteArray_AS_STRING(families)
    )
