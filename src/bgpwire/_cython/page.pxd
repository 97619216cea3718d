# Lines of routes, written into memory out of runs: what formats have in common.
#
# A line is what stands before its prefix, the prefix, what stands between, and the rest: of all but the prefix there is
# one for all routes of a run. ``-1`` is for memory that could not be had.

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from bgpwire._cython.block cimport Block, Value
from bgpwire._cython.emit cimport Run
from bgpwire._cython.feed cimport Feed
from bgpwire._cython.rows cimport Buffer
from bgpwire._cython.text cimport put_number

cdef enum:
    PEERS = 128
    PEER_TEXT = 112
    HEAD = 512
    MARKS = 256  # characters of the marks of a line, which stand in its head
    LINE = 192  # more than the prefix of a line takes, its path identifier and what may be written behind it
    AHEAD = 32  # see ``put_long``
    SECONDS_TEXT = 16
    WIDEST = 16  # more characters than an octet of an attribute becomes


cdef enum Told:
    OBJECTS = 0  # the run is for the objects
    PRINTED = 1
    SILENT = 2  # its routes have no line


cdef struct PeerText:
    # A peer met before, as text.
    uint64_t[2] address  # in the order of octets; of IPv4 its number
    uint64_t key  # of AS number and size; 0 where there is no peer
    int length  # of the text
    char[PEER_TEXT] text


cdef struct Mark:
    # What a line has in front of all members, and behind those of the peer.
    const char *head
    const char *peer
    int head_size
    int peer_size


cdef struct Page

# Writes what all routes of a run share, and says whether they have lines; -1 without memory.
ctypedef int (*Render)(Page *self, const Run *run) noexcept nogil
# Writes an address of 4 or 16 octets, or a peer.
ctypedef char *(*PutAddress)(char *out, const uint8_t *octets, int size) noexcept nogil
ctypedef char *(*PutPeer)(char *out, const uint8_t *octets, int size, uint32_t asn) noexcept nogil


cdef struct Page:
    Feed feed
    Render render
    PutPeer put_peer
    PutAddress put_address
    bint raw  # prefixes of a RIB keep their stray host bits
    Mark *marks  # by the interface index of a record of BGP4MP; NULL: there are none
    int mark_count
    Buffer text
    bint lent  # the memory of ``text`` belongs to somebody else
    Py_ssize_t most  # the page is full when it has so many octets
    # The parts of a line:
    char[HEAD + AHEAD] before
    int before_size
    const char *between
    int between_size
    const char *path  # what stands in front of a path identifier; NULL where there is none
    int path_size
    Buffer rest
    # What was rendered last, not to be rendered again:
    PeerText[PEERS] peers
    uint32_t seconds
    int seconds_size  # 0 where there are none
    char[SECONDS_TEXT] seconds_text
    uint64_t prefix_record
    const uint8_t *prefix_at
    int prefix_size
    char[LINE + AHEAD] prefix


cdef int give_lines(Feed *feed, Run *run, int64_t count) noexcept nogil
cdef int widen(Page *self, Py_ssize_t more) noexcept nogil
cdef char *put_peer_of(Page *self, char *out, const uint8_t *address, int size, uint32_t asn) noexcept nogil
cdef char *put_path(char *out, const Block *block, const char *style) noexcept nogil
cdef char *put_communities(char *out, const Value *value, const char *confed, int size) noexcept nogil
cdef char *put_time(Page *self, char *out) noexcept nogil
cdef char *put_plain_address(char *out, const uint8_t *octets, int size) noexcept nogil


cdef inline int need_text(Page *self, Py_ssize_t more) noexcept nogil:
    """Have room for ``more`` characters of text."""
    return 0 if self.text.room - self.text.size >= more else widen(self, more)


cdef inline char *put_seconds(Page *self, char *out, uint32_t seconds) noexcept nogil:
    """A number in decimal; that of the line before is not rendered again. 16 characters are written."""
    if seconds != self.seconds or not self.seconds_size:
        self.seconds = seconds
        self.seconds_size = <int> (put_number(self.seconds_text, seconds) - self.seconds_text)
    memcpy(out, self.seconds_text, SECONDS_TEXT)
    return out + self.seconds_size


cdef inline char *put_text(char *out, const char *text, int size) noexcept nogil:
    memcpy(out, text, size)
    return out + size


cdef inline char *put_long(char *out, const char *text, Py_ssize_t size) noexcept nogil:
    """Text of any size. Up to 31 characters behind it are read and written too."""
    cdef Py_ssize_t at = 0
    while at < size:
        memcpy(out + at, text + at, 32)
        at += 32
    return out + size


cdef inline char *put_char(char *out, char octet) noexcept nogil:
    out[0] = octet
    return out + 1
