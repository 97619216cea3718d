"""Lazy walks over other people's buffers: path attributes, messages, MRT records."""

cimport cython

from bgpwire._cython.attributes cimport torn_block
from bgpwire._cython.cursor cimport AttributeItem, Cursor, Step, cursor, next_attribute, offset
from bgpwire._cython.door cimport scattered
from bgpwire._cython.framing cimport header_at
from bgpwire._cython.mrt_grammar cimport RecordItem, next_record

from bgpwire.errors import MessageHeaderError
from bgpwire.value.signature import TwinSignature

__all__ = ["AttributeWalk", "MessageWalk", "RecordWalk", "walk_attributes", "walk_messages", "walk_records"]

cdef bytes EMPTY = b""


cdef class Walk:
    """What is common to the walks: iterators of tuples of numbers, the last two of which say where octets stand.

    The buffer is held until the end or :meth:`close` (a bytearray cannot be resized meanwhile), and read where it lies
    unless it is strided. ``with`` closes too.
    """

    __signature__ = TwinSignature()

    cdef const unsigned char[:] _view
    cdef Py_ssize_t _pos
    cdef readonly object fault

    def __cinit__(self, *args, **kwargs):
        self._view = EMPTY

    def __init__(self, const unsigned char[:] data not None):
        if scattered(data):
            data = bytes(data)
        with cython.critical_section(self):
            self._view = data
            self._pos = 0
            self.fault = None

    @property
    def offset(self):
        """Where the next item begins; behind the last one, what is left there is no whole item."""
        return self._pos

    def __iter__(self):
        return self

    def close(self):
        """Let go of the buffer; what is left of it is not walked."""
        with cython.critical_section(self):
            self._view = EMPTY

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    cdef Cursor _cursor(self):
        """Over what is left, which must be something."""
        return cursor(&self._view[0], self._pos, self._view.shape[0])


@cython.final
cdef class AttributeWalk(Walk):
    """See :func:`walk_attributes`."""

    def __next__(self):
        cdef AttributeItem item
        cdef Cursor cur
        cdef int step
        with cython.critical_section(self):
            if self._pos < self._view.shape[0]:
                cur = self._cursor()
                step = next_attribute(&cur, &item)
                if step == Step.ITEM:
                    self._pos = offset(&cur)
                    return item.flags, item.code, item.start, item.end
                rest = bytes(self._view[self._pos :])
                self.fault = torn_block(step, rest, 0, len(rest), self._pos)
            self._view = EMPTY
        raise StopIteration


@cython.final
cdef class MessageWalk(Walk):
    """See :func:`walk_messages`."""

    cdef int _max_message
    cdef bint _strict_type

    def __init__(self, const unsigned char[:] data not None, int max_message=4096, bint strict_type=False):
        Walk.__init__(self, data)
        self._max_message = max_message
        self._strict_type = strict_type

    def __next__(self):
        cdef Py_ssize_t start, room
        cdef int length
        with cython.critical_section(self):
            start = self._pos
            room = self._view.shape[0] - start
            if room >= 19:
                try:
                    length = header_at(&self._view[0], start, self._max_message, self._strict_type)
                except MessageHeaderError as error:
                    self.fault = error.fresh()
                else:
                    if length <= room:
                        self._pos = start + length
                        return self._view[start + 18], start + 19, start + length
            self._view = EMPTY
        raise StopIteration


@cython.final
cdef class RecordWalk(Walk):
    """See :func:`walk_records`."""

    def __next__(self):
        cdef RecordItem item
        cdef Cursor cur
        with cython.critical_section(self):
            if self._pos < self._view.shape[0]:
                cur = self._cursor()
                if next_record(&cur, &item) == Step.ITEM:
                    self._pos = offset(&cur)
                    return item.seconds, item.type, item.subtype, item.start, item.start + item.length
            self._view = EMPTY
        raise StopIteration


def walk_attributes(data):
    """The path attributes of a block (RFC 4271 section 4.3), one by one: ``(flags, code, start, end)``, the octets of
    the value being ``data[start:end]``.

    ``fault`` of the iterator is, behind the last one, the :class:`bgpwire.UpdateMessageError` 3/1 of an attribute that
    runs over the end.
    """
    return AttributeWalk(data)


def walk_messages(data, *, max_message=4096, strict_type=False):
    """Messages one behind the other (RFC 4271 section 4.1), one by one: ``(type, start, end)``, the octets behind the
    header being ``data[start:end]``.

    It ends before a message that is not all there (``offset`` of the iterator says where), or at the first header that
    is wrong (``fault`` says how): a marker that is not all ones, a length over ``max_message`` or wrong for the type,
    with ``strict_type`` a type that RFC 4271 and RFC 2918 do not know.
    """
    return MessageWalk(data, max_message, strict_type)


def walk_records(data):
    """MRT records one behind the other (RFC 6396 section 2), one by one: ``(seconds, type, subtype, start, end)``, the
    octets behind the 12 of the header being ``data[start:end]``.

    It ends before a record that is not all there; ``offset`` of the iterator says where. Every header is a record's
    here, of whatever type: :func:`bgpwire.mrt.open` steps over tears.
    """
    return RecordWalk(data)
