"""Frozen values are made here: slots are filled by offset, which is a call for a whole value in place of one for each.

See the twin, ``_python/slots.py``.
"""

cimport cython
from cpython.ref cimport Py_INCREF, Py_XDECREF

from bgpwire._cython.slots cimport PyObject, PyType_IsSubtype, PyTypeObject, slot_offset

__all__ = ["filler", "maker"]

cdef extern from "Python.h":
    object PyType_GenericAlloc(PyTypeObject *type, Py_ssize_t items)

cdef enum:
    MOST = 8  # slots


cdef inline PyObject **slot(object value, Py_ssize_t offset) noexcept:
    return <PyObject **> (<char *> <PyObject *> value + offset)


cdef class Filler:
    """Fills the slots of a value of ``owner``: see :func:`filler`."""

    cdef object owner
    cdef Py_ssize_t count
    cdef Py_ssize_t[MOST] offsets

    def __cinit__(self, owner not None, tuple names not None):
        cdef Py_ssize_t offset
        if not isinstance(owner, type):
            raise TypeError(f"a class is needed, not {owner!r}")
        if len(names) > MOST:
            raise TypeError(f"{MOST} slots at most")
        for name in names:
            offset = slot_offset(owner, owner.__dict__[name])
            if not offset:
                raise TypeError(f"{name} is no slot of {owner.__name__}")
            self.offsets[self.count] = offset
            self.count += 1
        self.owner = owner

    cdef int check(self, object cls, tuple given) except -1:
        """Whether instances of ``cls`` have the slots, and there is something for each of them."""
        if not isinstance(cls, type) or not PyType_IsSubtype(<PyTypeObject *> cls, <PyTypeObject *> self.owner):
            raise TypeError(f"a value of {self.owner.__name__} is needed")
        if len(given) != self.count + 1:
            raise TypeError(f"{self.count} slots, {len(given) - 1} values")
        return 0

    def __call__(self, *given):
        cdef object value, content
        cdef PyObject **place
        cdef PyObject *before
        cdef Py_ssize_t at
        if not given:
            raise TypeError("a value is needed")
        value = given[0]
        self.check(type(value), given)
        for at in range(self.count):
            content = given[at + 1]
            Py_INCREF(content)
            place = slot(value, self.offsets[at])
            with cython.critical_section(value):
                before = place[0]
                place[0] = <PyObject *> content
            Py_XDECREF(before)
        return value


@cython.final
cdef class Maker(Filler):
    """Makes values of ``owner`` and of its subclasses: see :func:`maker`."""

    def __call__(self, *given):
        cdef object value, content
        cdef Py_ssize_t at
        if not given:
            raise TypeError("a class is needed")
        cls = given[0]
        self.check(cls, given)
        value = PyType_GenericAlloc(<PyTypeObject *> cls, 0)
        for at in range(self.count):
            content = given[at + 1]
            Py_INCREF(content)
            slot(value, self.offsets[at])[0] = <PyObject *> content
        return value


def maker(owner, *names):
    """A function ``(cls, *contents)``: a new value of ``cls``, a subclass of ``owner``, whose slots ``names`` (of
    ``owner`` itself) hold ``contents``. No ``__init__`` is run."""
    return Maker(owner, names)


def filler(owner, *names):
    """A function ``(value, *contents)``: puts ``contents`` into the slots ``names`` of a ``value`` of ``owner`` that is
    being made, and returns it."""
    return Filler(owner, names)
