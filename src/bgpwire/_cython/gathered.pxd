# The routes of one record while they are made and handed out: what a list would do, without one for each record.

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.string cimport memset

from bgpwire._cython.free_list cimport PyObject

cdef enum:
    FIRST_ROOM = 16


# All zeros: empty.
cdef struct Gathered:
    PyObject **routes  # from ``next`` to ``count`` a reference each
    Py_ssize_t next
    Py_ssize_t count
    Py_ssize_t room


cdef inline int make_room(Gathered *self) except -1:
    """For one more."""
    cdef Py_ssize_t room
    cdef PyObject **routes
    if self.count == self.room:
        room = 2 * self.room if self.room else FIRST_ROOM
        routes = <PyObject **> PyMem_Realloc(self.routes, room * sizeof(PyObject *))
        if routes == NULL:
            raise MemoryError
        self.routes = routes
        self.room = room
    return 0


cdef inline int gather(Gathered *self, object route) except -1:
    """Put a route behind the others."""
    make_room(self)
    Py_INCREF(route)
    self.routes[self.count] = <PyObject *> route
    self.count += 1
    return 0


cdef inline void empty(Gathered *self) noexcept:
    """Let go of the routes, and of the room for them."""
    cdef Gathered old = self[0]
    cdef Py_ssize_t index
    memset(self, 0, sizeof(Gathered))
    for index in range(old.next, old.count):
        Py_DECREF(<object> old.routes[index])
    PyMem_Free(old.routes)


cdef inline list listed(const Gathered *self):
    """The routes as a list."""
    return [<object> self.routes[index] for index in range(self.next, self.count)]
