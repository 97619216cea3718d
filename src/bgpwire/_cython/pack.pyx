"""Values into octets: the NLRI of messages, and the block of path attributes (RFC 4271 section 4.3)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_CheckExact, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.dict cimport PyDict_Next
from cpython.list cimport PyList_AsTuple, PyList_CheckExact
from cpython.long cimport PyLong_AsLongLongAndOverflow, PyLong_CheckExact
from cpython.ref cimport PyObject
from cpython.tuple cimport PyTuple_CheckExact, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy, memset

from bgpwire._cython.as_path cimport AsPath
from bgpwire._cython.communities cimport Communities, ExtendedCommunities, LargeCommunities
from bgpwire._cython.numbers cimport AGGREGATOR, AS4_PATH, AS_PATH, COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITY
from bgpwire._cython.numbers cimport LOCAL_PREF, MULTI_EXIT_DISC, NEXT_HOP, ORIGIN, UPDATE
from bgpwire._cython.prefix cimport Address, Prefix
from bgpwire._cython.slots cimport Starter

from bgpwire.errors import EncodeError
from bgpwire.value.attributes import attribute_name
from bgpwire.value.prefix import no_path_id, path_id_needed

__all__ = ["announced", "pack_attributes", "pack_updates", "read_values", "unicast"]

# Where the NLRI of an UPDATE stand, if they do in none of its attributes.
cdef enum:
    NLRI_FIELD = 0
    WITHDRAWN_FIELD = 1
    FIXED = 23  # octets of an UPDATE without routes and attributes


cdef inline void put16(uint8_t *out, Py_ssize_t value) noexcept:
    out[0] = <uint8_t> (value >> 8 & 0xFF)
    out[1] = <uint8_t> (value & 0xFF)


cdef inline void put32(uint8_t *out, uint32_t value) noexcept:
    out[0] = <uint8_t> (value >> 24)
    out[1] = <uint8_t> (value >> 16 & 0xFF)
    out[2] = <uint8_t> (value >> 8 & 0xFF)
    out[3] = <uint8_t> (value & 0xFF)


def read_values(tuple given not None, tuple table not None, object unset, dict out not None):
    """Put the values ``given`` into ``out`` by code; ``unset`` changes nothing, ``None`` takes a code out.

    ``table`` says for each: name, code, the type of what is taken as it is, and what reads any other. A number that is
    taken has 32 bits, else :class:`bgpwire.EncodeError`.
    """
    cdef Py_ssize_t at
    cdef tuple entry
    cdef uint32_t number
    if len(given) != len(table):
        raise ValueError(f"{len(given)} values for {len(table)} attributes")
    for at in range(PyTuple_GET_SIZE(given)):
        if <PyObject *> PyTuple_GET_ITEM(given, at) == <PyObject *> unset:
            continue
        value = given[at]
        entry = table[at]
        code = entry[1]
        if type(value) is not entry[2]:
            value = None if value is None else entry[3](value)
        elif PyLong_CheckExact(value) and not number_of(value, 0xFFFFFFFF, &number):
            raise EncodeError(entry[0], value, 0xFFFFFFFF)
        if value is None:
            out.pop(code, None)
        else:
            out[code] = value


cdef inline bint number_of(object value, uint32_t most, uint32_t *number) noexcept:
    """Whether an int is a number of ``most`` at most, not negative; which."""
    cdef int overflow = 0
    cdef long long found = PyLong_AsLongLongAndOverflow(value, &overflow)
    number[0] = <uint32_t> found
    return not overflow and 0 <= found <= most


def unicast(nlri, dict families not None):
    """``((family, values),)`` where ``nlri`` is a list or a tuple, and each of its values a :class:`bgpwire.Prefix`,
    all of one AFI, which has its family in ``families``; ``None`` for anything else, which is not iterated."""
    cdef int afi = 0
    cdef Py_ssize_t at
    cdef PyObject *value
    cdef tuple values
    if PyList_CheckExact(nlri):
        values = PyList_AsTuple(nlri)
    elif PyTuple_CheckExact(nlri):
        values = nlri
    else:
        return None
    for at in range(PyTuple_GET_SIZE(values)):
        value = <PyObject *> PyTuple_GET_ITEM(values, at)
        if not isinstance(<object> value, Prefix) or (afi and (<Prefix> value).afi != afi):
            return None
        afi = (<Prefix> value).afi
    return ((families[afi], values),) if afi else None


cdef int flags_of(int code) noexcept:
    """The flags of an attribute whose value the kernel writes, 0 for any other: the registry's of the same codes."""
    if code == ORIGIN or code == AS_PATH or code == NEXT_HOP or code == LOCAL_PREF:
        return 0x40
    if code == MULTI_EXIT_DISC:
        return 0x80
    if code == COMMUNITIES or code == EXTENDED_COMMUNITIES or code == AS4_PATH or code == LARGE_COMMUNITY:
        return 0xC0
    return 0


cdef struct Piece:
    # The octets of a number are in ``number``; those of other values stay where they are.
    const uint8_t *octets
    Py_ssize_t size
    uint8_t code
    uint8_t flags  # 0: the octets are a whole attribute
    uint8_t[4] number


cdef inline void whole(Piece *piece, bytes octets) noexcept:
    piece.octets = <const uint8_t *> PyBytes_AS_STRING(octets)
    piece.size = PyBytes_GET_SIZE(octets)


cdef int look(Piece *piece, object value) except -1:
    """What is to be written of the value of attribute ``piece.code``."""
    cdef int code = piece.code
    cdef uint32_t number
    piece.flags = <uint8_t> flags_of(code)
    if PyBytes_CheckExact(value):
        piece.flags = 0
        whole(piece, value)
        return 0
    if not piece.flags:
        raise TypeError(f"attribute {code}: {type(value).__name__} cannot be written")
    if PyLong_CheckExact(value):
        if not number_of(value, 0xFF if code == ORIGIN else 0xFFFFFFFF, &number):
            raise EncodeError(attribute_name(code), value, 0xFF if code == ORIGIN else 0xFFFFFFFF)
        put32(piece.number, number)
        piece.size = 1 if code == ORIGIN else 4
        piece.octets = piece.number + 4 - piece.size
    elif isinstance(value, AsPath):
        whole(piece, (<AsPath> value)._wire)
    elif isinstance(value, Address):
        piece.octets = (<Address> value)._octets
        piece.size = (<Address> value)._size
    elif isinstance(value, Communities):
        whole(piece, (<Communities> value)._wire)
    elif isinstance(value, LargeCommunities):
        whole(piece, (<LargeCommunities> value)._wire)
    elif isinstance(value, ExtendedCommunities):
        whole(piece, (<ExtendedCommunities> value)._wire)
    else:
        raise TypeError(f"attribute {code}: {type(value).__name__} cannot be written")
    if piece.size > 0xFFFF:
        raise EncodeError(attribute_name(code), piece.size, 0xFFFF)
    return 0


def pack_attributes(dict values not None, bint next_hop):
    """The block of the attributes ``values``, in the order of their codes; NEXT_HOP only with ``next_hop``.

    A value is an int (ORIGIN, MULTI_EXIT_DISC, LOCAL_PREF), an :class:`bgpwire.AsPath`, :class:`bgpwire.Address` or
    collection of communities under the code of its attribute, or the octets of a whole attribute, header included. A
    collection without communities is no attribute (RFC 7606 section 7.8).
    :class:`bgpwire.EncodeError` for one of more than 65,535 octets, TypeError for any other value.
    """
    return packed(values, next_hop, 0)


cdef bytes packed(dict values, bint next_hop, int width):
    """See ``pack_attributes``. With a ``width`` None unless there are an AS_PATH whose AS numbers have so many octets,
    a NEXT_HOP of 4, and no AGGREGATOR."""
    cdef Piece[256] pieces
    cdef uint8_t[256] order
    cdef Piece *piece
    cdef PyObject *key
    cdef PyObject *value
    cdef Py_ssize_t position = 0, total = 0
    cdef int at, count = 0, usual = 0
    cdef uint8_t *out
    cdef bytes block
    with cython.critical_section(values):
        while PyDict_Next(values, &position, &key, &value) and count < 256:
            piece = &pieces[count]
            piece.code = <object> key
            if piece.code == NEXT_HOP and not next_hop and not PyBytes_CheckExact(<object> value):
                continue
            if width and piece.code == AS_PATH:
                if not isinstance(<object> value, AsPath) or (<AsPath> value).asn4 != (width == 4):
                    return None
                usual |= 1
            elif width and piece.code == NEXT_HOP:
                if not isinstance(<object> value, Address) or (<Address> value)._size != 4:
                    return None
                usual |= 2
            elif width and piece.code == AGGREGATOR:
                return None
            look(piece, <object> value)
            if not piece.size and piece.flags == 0xC0 and piece.code != AS4_PATH:
                continue
            total += piece.size
            if piece.flags:
                total += 4 if piece.size > 0xFF else 3
            at = count
            while at and pieces[order[at - 1]].code > piece.code:
                order[at] = order[at - 1]
                at -= 1
            order[at] = <uint8_t> count
            count += 1
        if width and usual != 3:
            return None
        block = PyBytes_FromStringAndSize(NULL, total)
        out = <uint8_t *> PyBytes_AS_STRING(block)
        for at in range(count):
            out = put(out, &pieces[order[at]])
    return block


cdef inline uint8_t *put(uint8_t *out, Piece *piece) noexcept:
    """Write an attribute; where it ends."""
    if piece.flags:
        out[0] = piece.flags if piece.size <= 0xFF else piece.flags | 0x10
        out[1] = piece.code
        out += 2
        if piece.size > 0xFF:
            out[0] = <uint8_t> (piece.size >> 8)
            out += 1
        out[0] = <uint8_t> (piece.size & 0xFF)
        out += 1
    memcpy(out, piece.octets, piece.size)
    return out + piece.size


def pack_updates(
    int place, bytes front not None, tuple nlri not None, bint add_path, path_id, dict values not None, Py_ssize_t most
):
    """The UPDATEs, header included, that carry ``nlri`` in their order, as few as messages of ``most`` octets allow.

    ``nlri`` are prefixes, and octets of whole NLRI. With ``add_path`` each prefix has its path identifier in front (RFC
    7911 section 3), or ``path_id`` if it has none. ``place`` is where they stand: 0 for the NLRI field, 1 for Withdrawn
    Routes, or the code of MP_REACH_NLRI or MP_UNREACH_NLRI, which then is the first attribute (RFC 7606 section 5.1);
    ``front`` is what that has in front of them. ``values`` are the other attributes, see :func:`pack_attributes`.

    ``None`` for the NLRI field where the next hop is none that NEXT_HOP has room for, an address of 4 octets.
    :class:`bgpwire.EncodeError` for an NLRI that does not fit beside them, and for a path identifier that is missing or
    has no place; TypeError for what is neither a prefix nor octets.
    """
    if place == NLRI_FIELD:
        hop = values.get(NEXT_HOP)
        if not isinstance(hop, Address) or (<Address> hop)._size != 4:
            return None
    return updates_of(place, front, nlri, add_path, path_id, packed(values, place == NLRI_FIELD, 0), most)


cdef list updates_of(
    int place, bytes front, tuple nlri, bint add_path, object path_id, bytes block, Py_ssize_t most
):
    """See ``pack_updates``; ``block`` are the attributes."""
    cdef Py_ssize_t room = most - FIXED - PyBytes_GET_SIZE(block)
    cdef Py_ssize_t index = 0, first = 0, size, at = 0, count = PyTuple_GET_SIZE(nlri)
    cdef bint given = path_id is not None
    cdef uint32_t other = path_id if given and add_path else 0
    cdef list out = []
    if place > WITHDRAWN_FIELD:
        room = (room - 4 if room > 0xFF + 4 else min(<Py_ssize_t> 0xFF, room - 3)) - PyBytes_GET_SIZE(front)
    if room < 0:
        room = 0
    for index in range(count):
        size = nlri_size(<PyObject *> PyTuple_GET_ITEM(nlri, index), add_path, given)
        if at + size > room:
            if size > room:
                raise EncodeError("nlri", size, room)
            out.append(update_of(place, front, nlri, first, index, at, add_path, other, block))
            first = index
            at = 0
        at += size
    if first < count:
        out.append(update_of(place, front, nlri, first, count, at, add_path, other, block))
    return out


def announced(tuple nlri not None, path_id, dict values not None, tuple sending, Starter make not None):
    """The messages that announce ``nlri`` of IPv4 unicast; ``make(octets, session)``, by :func:`starter`, makes them.
    ``sending`` is what :meth:`bgpwire.Session.sending` says, ``values`` are the attributes of
    :func:`pack_attributes`.

    ``None`` for what more is to be known of: a session that says so, a next hop that is no address of 4 octets, no
    AS_PATH or one of another width, an AGGREGATOR. Errors are those of :func:`pack_updates`.
    """
    if sending is None:
        return None
    cdef bytes block = packed(values, True, 4 if sending[0] else 2)
    if block is None:
        return None
    cdef list out = updates_of(NLRI_FIELD, b"", nlri, sending[1], path_id, block, sending[2])
    cdef Py_ssize_t at
    session = sending[3]
    for at in range(len(out)):
        out[at] = make.begin(out[at], session)
    return out


cdef inline Py_ssize_t nlri_size(PyObject *item, bint add_path, bint given) except -1:
    """How many octets it will take."""
    cdef Py_ssize_t size
    if not isinstance(<object> item, Prefix):
        if PyBytes_CheckExact(<object> item):
            return PyBytes_GET_SIZE(<object> item)
        raise TypeError(f"{<object> item!r} is no prefix")
    size = 1 + (((<Prefix> item)._bits + 7) >> 3)
    if add_path:
        if not given and not (<Prefix> item)._has_path:
            raise path_id_needed(<object> item)
        return size + 4
    if (<Prefix> item)._has_path:
        raise no_path_id(<object> item)
    return size


cdef bytes update_of(
    int place, bytes front, tuple nlri, Py_ssize_t first, Py_ssize_t last, Py_ssize_t size, bint add_path,
    uint32_t path_id, bytes block
):
    """The UPDATE of ``nlri[first:last]``, which take ``size`` octets."""
    cdef Py_ssize_t value = PyBytes_GET_SIZE(front) + size, attribute = 0, index, total
    cdef bytes message
    cdef uint8_t *out
    cdef uint8_t *end
    if place > WITHDRAWN_FIELD:
        attribute = value + (4 if value > 0xFF else 3) - size
    total = FIXED + PyBytes_GET_SIZE(block) + attribute + size
    message = PyBytes_FromStringAndSize(NULL, total)
    out = <uint8_t *> PyBytes_AS_STRING(message)
    end = out + total
    memset(out, 0xFF, 16)
    put16(out + 16, total)
    out[18] = UPDATE
    put16(out + 19, size if place == WITHDRAWN_FIELD else 0)
    out += 21
    if place == NLRI_FIELD:
        put16(out, PyBytes_GET_SIZE(block))
        memcpy(out + 2, PyBytes_AS_STRING(block), PyBytes_GET_SIZE(block))
        out += 2 + PyBytes_GET_SIZE(block)
    elif place > WITHDRAWN_FIELD:
        put16(out, attribute + size + PyBytes_GET_SIZE(block))
        out[2] = 0x90 if value > 0xFF else 0x80
        out[3] = <uint8_t> place
        if value > 0xFF:
            put16(out + 4, value)
            out += 6
        else:
            out[4] = <uint8_t> value
            out += 5
        memcpy(out, PyBytes_AS_STRING(front), PyBytes_GET_SIZE(front))
        out += PyBytes_GET_SIZE(front)
    for index in range(first, last):
        out = put_nlri(out, end, <PyObject *> PyTuple_GET_ITEM(nlri, index), add_path, path_id)
    if place == WITHDRAWN_FIELD:
        put16(out, PyBytes_GET_SIZE(block))
        out += 2
    if place != NLRI_FIELD:
        memcpy(out, PyBytes_AS_STRING(block), PyBytes_GET_SIZE(block))
    return message


cdef inline uint8_t *put_nlri(
    uint8_t *out, const uint8_t *end, PyObject *item, bint add_path, uint32_t path_id
) noexcept:
    """Write one NLRI; where it ends."""
    cdef Py_ssize_t size
    if not isinstance(<object> item, Prefix):
        size = PyBytes_GET_SIZE(<object> item)
        memcpy(out, PyBytes_AS_STRING(<object> item), size)
        return out + size
    if add_path:
        put32(out, (<Prefix> item)._path_id if (<Prefix> item)._has_path else path_id)
        out += 4
    out[0] = (<Prefix> item)._bits
    size = ((<Prefix> item)._bits + 7) >> 3
    # All octets that there are, 4 or 16, are one store, where there is room for them: the next NLRI overwrites what is
    # too much.
    if (<Prefix> item)._small and end - out > 4:
        memcpy(out + 1, (<Prefix> item)._octets, 4)
    elif not (<Prefix> item)._small and end - out > 16:
        memcpy(out + 1, (<Prefix> item)._octets, 16)
    else:
        memcpy(out + 1, (<Prefix> item)._octets, size)
    return out + 1 + size
