"""Columns of text out of AS paths and communities, without an object. Nothing here is for Python."""

from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.string cimport memcpy, strlen

from bgpwire._cython.block cimport Block, Value, has
from bgpwire._cython.cursor cimport be16, be32
from bgpwire._cython.emit cimport COMMUNITY_TEXTS, Log, Run, runs_with
from bgpwire._cython.emit_lists cimport emit_rare
from bgpwire._cython.jsonl cimport known_name
from bgpwire._cython.numbers cimport AS_PATH, COMMUNITIES, LARGE_COMMUNITY
from bgpwire._cython.page cimport put_char, put_path
from bgpwire._cython.rows cimport Node, end_of, fill_null, fill_octets, need
from bgpwire._cython.text cimport put_number

__all__ = []

cdef enum:
    TEXT = 48  # more characters than a community has

cdef const char *STYLE = b"{,}\0 \0( )[,]"


cdef int emit_path_text(Node *node, const Log *log) noexcept nogil:
    """The path as routers write it."""
    cdef const Run *run
    cdef char *out
    cdef Py_ssize_t size
    cdef int64_t row
    cdef int index
    for index in range(log.count):
        run = &log.runs[index]
        if run.block == NULL or not has(run.block, AS_PATH):
            if fill_null(node, run.count) < 0:
                return -1
            continue
        # A number has up to 11 characters with the blank, of 4 octets, or 6, of 2; a segment has brackets, of 2 octets.
        if need(&node.octets, 3 * run.block.values[AS_PATH].size + 16) < 0:
            return -1
        out = <char *> node.octets.data + node.octets.size
        size = put_path(out, run.block, STYLE) - out
        for row in range(run.count):
            if row:
                if need(&node.octets, size) < 0:
                    return -1
                out = <char *> node.octets.data + node.octets.size
                memcpy(out, out - size, size)
            node.octets.size += size
            if end_of(node, <int32_t> node.octets.size) < 0:
                return -1
    return 0


cdef int emit_texts(int field, Node *node, const Log *log) noexcept nogil:
    """Lists of communities, or of large ones."""
    if field == COMMUNITY_TEXTS:
        return emit_rare(node, log, runs_with(log, COMMUNITIES), put_communities)
    return emit_rare(node, log, runs_with(log, LARGE_COMMUNITY), put_large_communities)


cdef int put_communities(Node *items, const Block *block) noexcept nogil:
    return put_texts(COMMUNITIES, items, &block.values[COMMUNITIES])


cdef int put_large_communities(Node *items, const Block *block) noexcept nogil:
    return put_texts(LARGE_COMMUNITY, items, &block.values[LARGE_COMMUNITY])


cdef int put_texts(int code, Node *items, const Value *value) noexcept nogil:
    cdef char[TEXT] text
    cdef const char *name
    cdef const uint8_t *octets
    cdef char *out
    cdef int width = 4 if code == COMMUNITIES else 12
    cdef Py_ssize_t index
    for index in range(value.size // width):
        octets = value.octets + width * index
        name = NULL
        if code == COMMUNITIES and octets[0] == 0xFF and octets[1] == 0xFF:
            name = known_name(be32(octets))
        if name != NULL:
            if fill_octets(items, name, strlen(name), 1) < 0:
                return -1
            continue
        if code == COMMUNITIES:
            out = put_number(put_char(put_number(text, be16(octets)), c":"), be16(octets + 2))
        else:
            out = put_char(put_number(text, be32(octets)), c":")
            out = put_char(put_number(out, be32(octets + 4)), c":")
            out = put_number(out, be32(octets + 8))
        if fill_octets(items, text, out - text, 1) < 0:
            return -1
    return 0
