"""An event: what every source of BGP gives, whatever its format."""

cimport cython
from cpython.ref cimport Py_INCREF
from libc.stdint cimport uint16_t, uint32_t

from bgpwire._cython.free_list cimport FreeList, Py_XDECREF, PyObject, PyTypeObject, give, take, take_bare, use
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Value
from bgpwire._cython.slots cimport PyMemberDef, show

from bgpwire.route.event import EventMixin, check_event
from bgpwire.session import DEFAULT_SESSION
from bgpwire.value.octets import as_bytes

__all__ = ["Event"]


cdef enum:
    FILE = 2  # its place among the objects

cdef PyMemberDef[3] MEMBERS
cdef FreeList FREE


# Out of the collector's sight, as routes are: one is made for each record, and what it holds (octets, a peer, the
# session, the message and attributes that were decoded of the octets) was there before it and does not know of it.
@cython.final
@cython.no_gc
cdef class Event(Value, EventMixin):
    """When which peer sent which octets, in which session, and where they stood in their source.

    ``octets`` is a BGP message with its header or, with ``message`` false, other octets that hold routes.
    ``seconds`` since 1970; ``microseconds`` is ``None`` where the source has whole seconds; ``offset`` is counted
    in the octets of the source, decompressed; ``file`` is what that is called, ``None`` where nobody said.
    """

    def __cinit__(self, *args, **kwargs):
        self._data = b""

    def __init__(
        self,
        octets,
        seconds=0,
        microseconds=None,
        peer=None,
        session=DEFAULT_SESSION,
        offset=0,
        mrt_type=None,
        mrt_subtype=None,
        message=True,
        file=None,
    ):
        cdef bytes data = as_bytes(octets)
        check_event(data, seconds, microseconds, session, offset, mrt_type, mrt_subtype, message, file)
        if peer is not None and type(peer) is not Peer:
            raise TypeError(f"peer is a Peer, not {type(peer).__name__}")
        self.seconds = seconds
        self.peer = peer
        self.session = session
        self.file = file
        self.offset = offset
        self._type = mrt_type or 0
        self._subtype = mrt_subtype or 0
        self._micro = microseconds or 0
        self._said = (
            (0 if microseconds is None else MICROSECONDS)
            | (0 if mrt_type is None else TYPE)
            | (0 if mrt_subtype is None else SUBTYPE)
        )
        self._data = data
        self._begin = 0
        self._end = <uint32_t> len(data)
        self._form = MESSAGE if message else NO_MESSAGE
        self._message = self._attributes = None

    @classmethod
    def _restore(cls, *args):
        return cls(*args)

    @property
    def microseconds(self):
        """``None`` where the source has whole seconds."""
        return self._micro if self._said & MICROSECONDS else None

    @property
    def mrt_type(self):
        """The type of the MRT record (RFC 6396 section 4); ``None`` for another source."""
        return self._type if self._said & TYPE else None

    @property
    def mrt_subtype(self):
        return self._subtype if self._said & SUBTYPE else None


cdef int show_fields() except -1:
    cdef Event none = None
    cdef Py_ssize_t at = <char *> EVENT_FIELDS(none) - <char *> <void *> none
    show(Event, &MEMBERS[0], b"peer", at, b"None for the records of a table, whose routes have a peer each.")
    show(Event, &MEMBERS[1], b"session", at + sizeof(void *), b"What a decoder had to know of the session.")
    show(Event, &MEMBERS[2], b"file", at + 2 * sizeof(void *), b"What the source is called, as it was named; or None.")
    return 0


cdef PyObject *allocate(PyTypeObject *cls, Py_ssize_t items) noexcept:
    return take(&FREE, cls)


cdef void release(void *block) noexcept:
    give(&FREE, block)


cdef void dealloc(PyObject *self) noexcept:
    cdef PyObject **fields = <PyObject **> EVENT_FIELDS(<Event> self)
    cdef int index
    for index in range(EVENT_OBJECTS):
        Py_XDECREF(fields[index])
    give(&FREE, self)


show_fields()
use(Event, allocate, release, dealloc)


cdef extern from *:
    # The reference is the caller's; NULL: the exception that is set.
    Event owned "BGPWIRE_OWNED" (PyObject *made)


cdef Event new_event(uint32_t seconds, int mrt_type, int mrt_subtype, bytes data, long long offset, object file):
    """The event that an MRT record is; the decoder sets what else is known of it."""
    # No constructor, which would fill with something else what is set here.
    cdef Event event = owned(take_bare(&FREE, <PyTypeObject *> Event))
    cdef PyObject **fields = <PyObject **> EVENT_FIELDS(event)
    cdef int index
    # None is immortal: nobody counts its references.
    for index in range(EVENT_OBJECTS - 1):
        fields[index] = <PyObject *> None
    Py_INCREF(file)
    fields[FILE] = <PyObject *> file
    Py_INCREF(data)
    fields[EVENT_OBJECTS - 1] = <PyObject *> data
    event.seconds = seconds
    event.offset = offset
    event._begin = event._end = 0
    event._form = NO_MESSAGE
    event._micro = 0
    event._type = <uint16_t> mrt_type
    event._subtype = <uint16_t> mrt_subtype
    event._said = TYPE | SUBTYPE
    return event
