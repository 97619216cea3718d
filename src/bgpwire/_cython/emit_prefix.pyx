"""Columns of which each prefix has its own value, without an object. Nothing here is for Python."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from bgpwire._cython.cursor cimport be32
from bgpwire._cython.emit cimport (
    IPV4_FIRST,
    IPV4_LAST,
    PATH_ID,
    PREFIX,
    PREFIX_LAST_ADDRESS,
    PREFIX_LENGTH,
    Log,
    Run,
    say_valid,
)
from bgpwire._cython.numbers cimport AFI_IPV4
from bgpwire._cython.rows cimport Node, invalid, need, ones
from bgpwire._cython.text cimport ADDRESS_TEXT, put_ipv4, put_ipv6, put_octet

__all__ = []


cdef struct Prefix:
    uint32_t path_id
    int bits
    const uint8_t *octets


def _fill():
    cdef int bits, index
    for bits in range(129):
        for index in range(16):
            MASKS[bits].octets[index] = <uint8_t> (0xFF00 >> max(0, min(8, bits - 8 * index)))


_fill()


cdef inline const uint8_t *next_sound(const uint8_t *pos, bint add_path, Prefix *out) noexcept nogil:
    """What stands there, and where the next one begins. It was read before: nothing is checked."""
    if add_path:
        out.path_id = be32(pos)
        pos += 4
    out.bits = pos[0]
    out.octets = pos + 1
    return pos + 1 + ((out.bits + 7) >> 3)


cdef int emit_prefixes(int field, Node *node, const Log *log) noexcept nogil:
    if field == PREFIX:
        return emit_texts(node, log)
    if field == PREFIX_LENGTH:
        return emit_lengths(node, log)
    if field == PATH_ID:
        return emit_path_ids(node, log)
    if field == IPV4_FIRST or field == IPV4_LAST:
        return emit_ipv4(node, log, field == IPV4_LAST)
    return emit_addresses(node, log, field == PREFIX_LAST_ADDRESS)


cdef int emit_texts(Node *node, const Log *log) noexcept nogil:
    """As text. The entries of a RIB record have the same prefix, which is rendered once."""
    cdef int32_t *ends
    cdef const uint8_t *pos
    cdef const uint8_t *before = NULL
    cdef const Run *run
    cdef Prefix prefix
    cdef Bits first
    cdef char[ADDRESS_TEXT] text
    cdef char *out
    cdef Py_ssize_t size = 0
    cdef int64_t row
    cdef int index
    if need(&node.values, 4 * log.rows) < 0:
        return -1
    ends = <int32_t *> (node.values.data + node.values.size)
    for index in range(log.count):
        run = &log.runs[index]
        if need(&node.octets, (ADDRESS_TEXT + 8) * run.count) < 0:
            return -1
        pos = run.prefixes.pos
        out = <char *> node.octets.data + node.octets.size
        if pos == before and run.count == 1:
            memcpy(out, text, ADDRESS_TEXT)
            node.octets.size += size
            ends[0] = <int32_t> node.octets.size
            ends += 1
            continue
        before = pos
        for row in range(run.count):
            pos = next_sound(pos, run.add_path, &prefix)
            network(prefix.octets, prefix.bits, run.readable, &first)
            out = put_ipv4(out, first.octets) if run.afi == AFI_IPV4 else put_ipv6(out, first.octets)
            out[0] = c"/"
            out = put_octet(out + 1, <uint8_t> prefix.bits)
            ends[row] = <int32_t> (out - <char *> node.octets.data)
        ends += run.count
        size = out - <char *> node.octets.data - node.octets.size
        if run.count == 1:
            memcpy(text, node.octets.data + node.octets.size, ADDRESS_TEXT)
        else:
            before = NULL
        node.octets.size += size
    node.values.size += 4 * log.rows
    return say_valid(node, log, ones(log.count))


cdef int emit_lengths(Node *node, const Log *log) noexcept nogil:
    cdef uint8_t *out
    cdef const uint8_t *pos
    cdef Prefix prefix
    cdef int64_t row
    cdef int index
    if need(&node.values, log.rows) < 0:
        return -1
    out = node.values.data + node.values.size
    for index in range(log.count):
        pos = log.runs[index].prefixes.pos
        for row in range(log.runs[index].count):
            pos = next_sound(pos, log.runs[index].add_path, &prefix)
            out[row] = <uint8_t> prefix.bits
        out += log.runs[index].count
    node.values.size += log.rows
    return say_valid(node, log, ones(log.count))


cdef int emit_path_ids(Node *node, const Log *log) noexcept nogil:
    """Path identifiers (RFC 7911); that of a RIB entry stands before it (RFC 8050), not before the prefix."""
    cdef uint32_t *out
    cdef const uint8_t *pos
    cdef const Run *run
    cdef Prefix prefix
    cdef uint64_t there = 0
    cdef int64_t row
    cdef int index
    if need(&node.values, 4 * log.rows) < 0:
        return -1
    out = <uint32_t *> (node.values.data + node.values.size)
    if not log.any_path_id:
        memset(out, 0, 4 * log.rows)
        node.values.size += 4 * log.rows
        return invalid(node, log.rows)
    for index in range(log.count):
        run = &log.runs[index]
        if run.add_path or run.has_path_id:
            there |= <uint64_t> 1 << index
        prefix.path_id = run.path_id if run.has_path_id else 0
        pos = run.prefixes.pos
        for row in range(run.count):
            if run.add_path:
                pos = next_sound(pos, True, &prefix)
            out[row] = prefix.path_id
        out += run.count
    node.values.size += 4 * log.rows
    return say_valid(node, log, there)


cdef int emit_ipv4(Node *node, const Log *log, bint last) noexcept nogil:
    """The first or the last address as a number; there is none of IPv6."""
    cdef uint32_t *out
    cdef const uint8_t *pos
    cdef const Run *run
    cdef Prefix prefix
    cdef Bits first
    cdef uint64_t there = 0
    cdef uint32_t address
    cdef int64_t row
    cdef int index
    if need(&node.values, 4 * log.rows) < 0:
        return -1
    out = <uint32_t *> (node.values.data + node.values.size)
    for index in range(log.count):
        run = &log.runs[index]
        pos = run.prefixes.pos
        if run.afi == AFI_IPV4:
            there |= <uint64_t> 1 << index
        for row in range(run.count):
            address = 0
            if run.afi == AFI_IPV4:
                pos = next_sound(pos, run.add_path, &prefix)
                network(prefix.octets, prefix.bits, run.readable, &first)
                address = be32(first.octets)
                if last:
                    address |= ~be32(MASKS[prefix.bits].octets)
            out[row] = address
        out += run.count
    node.values.size += 4 * log.rows
    return say_valid(node, log, there)


cdef int emit_addresses(Node *node, const Log *log, bint last) noexcept nogil:
    """16 octets of the first or the last address, zeros behind those of IPv4."""
    cdef Bits *out
    cdef const uint8_t *pos
    cdef const Run *run
    cdef Prefix prefix
    cdef const Bits *longest
    cdef int64_t row
    cdef int index
    if need(&node.values, 16 * log.rows) < 0:
        return -1
    out = <Bits *> (node.values.data + node.values.size)
    for index in range(log.count):
        run = &log.runs[index]
        pos = run.prefixes.pos
        longest = &MASKS[32 if run.afi == AFI_IPV4 else 128]
        for row in range(run.count):
            pos = next_sound(pos, run.add_path, &prefix)
            network(prefix.octets, prefix.bits, run.readable, &out[row])
            if last:
                out[row].words[0] |= longest.words[0] & ~MASKS[prefix.bits].words[0]
                out[row].words[1] |= longest.words[1] & ~MASKS[prefix.bits].words[1]
        out += run.count
    node.values.size += 16 * log.rows
    return say_valid(node, log, ones(log.count))
