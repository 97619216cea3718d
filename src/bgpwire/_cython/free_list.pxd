# Memory of objects that went, for the next of their class: a loop over routes makes and drops one after the other.
#
# A class that is final and not tracked by the collector puts its ``tp_alloc`` and ``tp_free`` here; one of which very
# many are made its ``tp_dealloc`` too, which may leave out what Cython's has for bases, finalizers and fields that are
# read while they go. Without the GIL there is no such list: then memory comes from Python, as ever.

from libc.string cimport memset

cdef extern from "Python.h":
    """
    #ifdef Py_GIL_DISABLED
    #define BGPWIRE_FREE_LISTS 0
    #else
    #define BGPWIRE_FREE_LISTS 1
    #endif
    #define BGPWIRE_ALLOC(cls) (((PyTypeObject *) (cls))->tp_alloc((PyTypeObject *) (cls), 0))
    #define BGPWIRE_OWNED(made) ((void *) (made))
    """
    bint FREE_LISTS "BGPWIRE_FREE_LISTS"

    ctypedef struct PyObject:
        pass

    ctypedef struct PyTypeObject

    ctypedef PyObject *(*allocfunc)(PyTypeObject *cls, Py_ssize_t items) noexcept
    ctypedef void (*freefunc)(void *block) noexcept
    ctypedef void (*destructor)(PyObject *self) noexcept

    ctypedef struct PyTypeObject:
        Py_ssize_t tp_basicsize
        allocfunc tp_alloc
        freefunc tp_free
        destructor tp_dealloc

    void Py_XDECREF(PyObject *value) noexcept
    void _Py_NewReference(PyObject *block) noexcept
    PyObject *PyObject_Init(PyObject *block, PyTypeObject *cls) noexcept
    PyObject *PyType_GenericAlloc(PyTypeObject *cls, Py_ssize_t items) noexcept
    void *PyObject_Malloc(size_t size) noexcept
    void PyObject_Free(void *block) noexcept
    PyObject *PyErr_NoMemory() noexcept
    # What ``tp_new`` begins with: header and zeros.
    object alloc "BGPWIRE_ALLOC" (type cls)
    # A reference that is the caller's; NULL: the exception that is set.
    object owned "BGPWIRE_OWNED" (PyObject *made)

cdef enum:
    LONGEST = 64


cdef struct FreeList:
    int count
    PyObject *blocks[LONGEST]


cdef inline PyObject *take(FreeList *free, PyTypeObject *cls) noexcept:
    """A new object, but for its header all zeros; NULL and MemoryError where there is no memory."""
    cdef PyObject *block
    if free.count == 0:
        return PyType_GenericAlloc(cls, 0)
    free.count -= 1
    block = free.blocks[free.count]
    memset(block, 0, cls.tp_basicsize)
    return PyObject_Init(block, cls)


cdef inline PyObject *take_bare(FreeList *free, PyTypeObject *cls) noexcept:
    """The same, but its fields are what another left in them: the caller sets all, before anything that may fail."""
    cdef PyObject *block
    if free.count == 0:
        return cls.tp_alloc(cls, 0)
    free.count -= 1
    block = free.blocks[free.count]
    _Py_NewReference(block)
    return block


cdef inline PyObject *take_small(FreeList *free, PyTypeObject *cls, size_t size) noexcept:
    """The same of ``size`` octets, fewer than those of its class: who touches it knows by its fields what is there."""
    cdef PyObject *block
    if free.count == 0:
        block = <PyObject *> PyObject_Malloc(size)
        return PyErr_NoMemory() if block == NULL else PyObject_Init(block, cls)
    free.count -= 1
    block = free.blocks[free.count]
    _Py_NewReference(block)
    return block


cdef inline void give(FreeList *free, void *block) noexcept:
    if free.count < LONGEST:
        free.blocks[free.count] = <PyObject *> block
        free.count += 1
    else:
        PyObject_Free(block)


cdef inline void use(type cls, allocfunc alloc, freefunc free, destructor dealloc=NULL) noexcept:
    if FREE_LISTS:
        (<PyTypeObject *> cls).tp_alloc = alloc
        (<PyTypeObject *> cls).tp_free = free
        if dealloc != NULL:
            (<PyTypeObject *> cls).tp_dealloc = dealloc
