"""Frozen values are made here: slots are filled by offset, which is a call for a whole value in place of one for each.

See the twin, ``_python/slots.py``.
"""

cimport cython
from cpython.ref cimport Py_INCREF, Py_XDECREF

from bgpwire._cython.slots cimport MOST, PyObject, PyType_IsSubtype, PyTypeObject, slot_offset

__all__ = ["filler", "maker", "starter"]

cdef extern from "Python.h":
    object PyType_GenericAlloc(PyTypeObject *type, Py_ssize_t items)

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


@cython.final
cdef class Starter:
    """Makes values of one class: see :func:`starter`."""

    def __cinit__(self, cls not None, tuple given not None, tuple empty not None):
        cdef Py_ssize_t offset
        if not isinstance(cls, type):
            raise TypeError(f"a class is needed, not {cls!r}")
        if len(given) != 2 or len(empty) > MOST - 2:
            raise TypeError(f"two slots are given, and {MOST - 2} at most are empty")
        for name in given + empty:
            offset = slot_offset(cls, getattr(cls, name))
            if not offset:
                raise TypeError(f"{name} is no slot of {cls.__name__}")
            self.offsets[self.count] = offset
            self.count += 1
        self.cls = cls

    cdef object begin(self, object first, object second):
        cdef object value = PyType_GenericAlloc(<PyTypeObject *> self.cls, 0)
        cdef Py_ssize_t at
        Py_INCREF(first)
        slot(value, self.offsets[0])[0] = <PyObject *> first
        Py_INCREF(second)
        slot(value, self.offsets[1])[0] = <PyObject *> second
        for at in range(2, self.count):
            Py_INCREF(None)
            slot(value, self.offsets[at])[0] = <PyObject *> None
        return value

    def __call__(self, first, second):
        return self.begin(first, second)


def starter(cls, given, empty):
    """A function of two arguments: a new value of ``cls`` whose slots ``given`` hold them, and whose slots ``empty``
    hold None; both are tuples of names. No ``__init__`` is run."""
    return Starter(cls, given, empty)


def maker(owner, *names):
    """A function ``(cls, *contents)``: a new value of ``cls``, a subclass of ``owner``, whose slots ``names`` (of
    ``owner`` itself) hold ``contents``. No ``__init__`` is run."""
    return Maker(owner, names)


def filler(owner, *names):
    """A function ``(value, *contents)``: puts ``contents`` into the slots ``names`` of a ``value`` of ``owner`` that is
    being made, and returns it."""
    return Filler(owner, names)
