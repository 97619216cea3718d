# Slots: attributes of compiled values that CPython reads as it reads __slots__ of a Python class, and where those of a
# Python class stand.
#
# ``cdef readonly object x`` makes a getset, which CPython calls at each access (25 ns); a member descriptor it reads in
# place once a loop is warm (5 ns: LOAD_ATTR_SLOT). A field that is shown so has neither ``readonly`` nor a property.
# NULL gives AttributeError; ``__new__`` alone fills such fields with None.

cdef extern from "Python.h":
    enum:
        Py_T_OBJECT_EX
        Py_READONLY

    ctypedef struct PyMemberDef:
        const char *name
        int type
        Py_ssize_t offset
        int flags
        const char *doc

    ctypedef struct PyTypeObject:
        pass

    ctypedef struct PyObject:
        PyTypeObject *ob_type

    ctypedef struct PyMemberDescrObject:
        PyMemberDef *d_member

    PyTypeObject PyMemberDescr_Type
    PyTypeObject *PyDescr_TYPE(PyObject *descriptor)
    bint PyType_IsSubtype(PyTypeObject *type, PyTypeObject *base)
    object PyDescr_NewMember(PyTypeObject *cls, PyMemberDef *member)
    dict PyType_GetDict(PyTypeObject *cls)
    void PyType_Modified(PyTypeObject *cls)


cdef inline int show(type cls, PyMemberDef *member, const char *name, Py_ssize_t offset, const char *doc) except -1:
    """Give ``cls`` the read-only attribute ``name``: the object that stands ``offset`` octets into its instances.

    ``member`` is kept: it and the two texts must live as long as the class, in the module.
    """
    member.name = name
    member.type = Py_T_OBJECT_EX
    member.offset = offset
    member.flags = Py_READONLY
    member.doc = doc
    PyType_GetDict(<PyTypeObject *> cls)[name.decode()] = PyDescr_NewMember(<PyTypeObject *> cls, member)
    PyType_Modified(<PyTypeObject *> cls)
    return 0


cdef inline Py_ssize_t slot_offset(object owner, object descriptor) noexcept:
    """Where the slot that ``descriptor`` describes stands in instances of ``owner``; 0 if that is none."""
    cdef PyMemberDef *member
    if (<PyObject *> descriptor).ob_type != &PyMemberDescr_Type:
        return 0
    # A class may hold the descriptor of another's slot, which its own instances have no room for.
    if not PyType_IsSubtype(<PyTypeObject *> owner, PyDescr_TYPE(<PyObject *> descriptor)):
        return 0
    member = (<PyMemberDescrObject *> <PyObject *> descriptor).d_member
    if member.type != Py_T_OBJECT_EX or member.flags:
        return 0
    return member.offset


cdef enum:
    MOST = 8  # slots


cdef class Starter:
    cdef object cls
    cdef Py_ssize_t count
    cdef Py_ssize_t[MOST] offsets  # of two that are given, and of those that are empty

    cdef object begin(self, object first, object second)
