"""Objects of somebody else's classes, one a prefix, made without running their ``__init__``.

See the twin, ``_python/exabgp.py``. Here a blueprint is an array of steps. An attribute that is a slot is
written at its offset; any other is set as Python would set it.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.object cimport PyObject, PyTypeObject
from cpython.ref cimport Py_INCREF
from libc.stdint cimport uint8_t
from libc.string cimport memcpy, memset

from bgpwire._cython.cursor cimport Cursor, PrefixItem, Step, cursor, next_path, next_prefix
from bgpwire._cython.slots cimport slot_offset

from bgpwire.value.nlri_parts import Part

cdef extern from "Python.h":
    object PyType_GenericAlloc(PyTypeObject *type, Py_ssize_t items)
    void PyObject_GC_UnTrack(void *)
    bint PyType_IS_GC(PyTypeObject *type)
    int PyObject_GenericSetAttr(object target, object name, object value) except -1

__all__ = ["Blueprint", "PrefixBuilder"]

_OF_LABELS = (Part.WIRE_PLAIN, Part.STACK_SIZE, Part.LABELS, Part.NO_RAW_LABELS, Part.STACK_PLAIN)

cdef enum:
    MOST = 16  # attributes of a blueprint
    DEEPEST = 8  # blueprints inside each other
    CONSTANT = 0
    EXTRA = 1
    WIRE = 2
    WIRE_PLAIN = 3
    PATH_ID = 4
    STACK_SIZE = 5
    LABELS = 6
    NO_RAW_LABELS = 7
    STACK_PLAIN = 8
    DISTINGUISHER = 9
    BITS = 10
    ADDRESS = 11
    CHILD = 12


cdef struct Setting:
    int source
    Py_ssize_t offset  # of the slot in the object, 0 for an attribute that is none
    PyObject *name
    PyObject *value  # the constant or the blueprint


cdef struct Item:
    const uint8_t *start
    const uint8_t *top  # of the label stack
    const uint8_t *below
    const uint8_t *address
    const uint8_t *stop
    bint add_path
    int bits
    int octets


@cython.no_gc_clear
cdef class Blueprint:
    """Instances of ``owner`` with these ``attributes``, set in this order; its ``__init__`` is not run.

    A ``leaf`` refers to nothing that could refer back, so the garbage collector need not look at it.
    """

    cdef PyTypeObject *kind
    cdef int count
    cdef int depth  # 0 before it is made
    cdef bint leaf
    cdef Setting steps[MOST]
    cdef readonly object owner
    cdef readonly dict attributes
    cdef list kept  # what the steps point at

    def __init__(self, owner not None, attributes not None, bint leaf=False):
        cdef Setting *step
        cdef Py_ssize_t offset
        cdef int depth = 1
        if self.kept is not None:
            raise TypeError("a blueprint is made once")
        if not isinstance(owner, type):
            raise TypeError(f"a class is needed, not {owner!r}")
        if owner.__new__ is not object.__new__:
            raise TypeError(f"{owner.__name__} makes its instances itself")
        object.__new__(owner)  # TypeError for a class that nobody may make instances of
        # Nothing below this copy asks the caller's mapping, whose length may be a lie.
        items = tuple(dict(attributes).items())
        if len(items) > MOST:
            raise ValueError(f"{MOST} attributes at most")
        offsets = []
        for name, source in items:
            offset = slot_offset(owner, getattr(owner, name, None))
            if offset == 0 and owner.__setattr__ is not object.__setattr__:
                raise TypeError(f"{owner.__name__}.{name} cannot be set")
            if isinstance(source, Blueprint):
                if not (<Blueprint> source).depth:
                    raise AttributeError("a blueprint that was never made")
                depth = max(depth, (<Blueprint> source).depth + 1)
            offsets.append(offset)
        if depth > DEEPEST:
            raise ValueError(f"{DEEPEST} blueprints inside each other at most")
        if self.kept is not None:
            raise TypeError("a blueprint is made once")
        # From here on nobody else's code runs.
        self.owner = owner
        self.attributes = dict(items)
        self.kind = <PyTypeObject *> owner
        self.leaf = leaf and PyType_IS_GC(self.kind)
        self.kept = []
        self.count = 0
        for (name, source), slot in zip(items, offsets):
            step = &self.steps[self.count]
            step.offset = slot
            if isinstance(source, Blueprint):
                step.source = CHILD
            elif isinstance(source, Part):
                step.source = source
            else:
                step.source = CONSTANT
            step.name = <PyObject *> name
            step.value = <PyObject *> source
            self.kept.append((name, source))
            self.count += 1
        self.depth = depth

    cdef object make(self, Item *item, object extra):
        cdef object made = PyType_GenericAlloc(self.kind, 0)
        cdef Setting *step = self.steps
        cdef Setting *last = step + self.count
        if self.leaf:
            PyObject_GC_UnTrack(<void *> made)
        while step < last:
            if not step.offset:
                PyObject_GenericSetAttr(made, <object> step.name, self.value(step, item, extra))
            elif step.source == CONSTANT:
                fill(made, step.offset, step.value)
            elif step.source == EXTRA:
                fill(made, step.offset, <PyObject *> extra)
            else:
                give(made, step.offset, self.value(step, item, extra))
            step += 1
        return made

    cdef inline object value(self, Setting *step, Item *item, object extra):
        if step.source == WIRE:
            return slice_of(item.start, item.stop)
        if step.source == CHILD:
            return (<Blueprint> step.value).make(item, extra)
        if step.source == CONSTANT:
            return <object> step.value
        return part(step.source, item, extra)


cdef inline void fill(object target, Py_ssize_t offset, PyObject *value) noexcept:
    """Put ``value`` into an empty slot."""
    Py_INCREF(<object> value)
    (<PyObject **> (<char *> <PyObject *> target + offset))[0] = value


cdef inline void give(object target, Py_ssize_t offset, object value) noexcept:
    fill(target, offset, <PyObject *> value)


cdef object part(int source, Item *item, object extra):
    cdef Py_ssize_t size
    cdef object octets
    if source == WIRE:
        return slice_of(item.start, item.stop)
    if source == ADDRESS:
        octets = PyBytes_FromStringAndSize(NULL, item.octets)
        size = item.stop - item.address
        memcpy(PyBytes_AS_STRING(octets), item.address, size)
        memset(PyBytes_AS_STRING(octets) + size, 0, item.octets - size)
        return octets
    if source == BITS:
        return item.bits
    if source == EXTRA:
        return extra
    if source == STACK_SIZE:
        return item.below - item.top
    if source == DISTINGUISHER:
        return slice_of(item.below, item.below + 8)
    if source == STACK_PLAIN:
        octets = slice_of(item.top, item.below)
        plain(<uint8_t *> PyBytes_AS_STRING(octets), item.below - item.top)
        return octets
    if source == WIRE_PLAIN:
        octets = slice_of(item.start, item.stop)
        plain(<uint8_t *> PyBytes_AS_STRING(octets) + (item.top - item.start), item.below - item.top)
        return octets
    if source == LABELS:
        return labels(item)
    if source == NO_RAW_LABELS:
        return [None] * ((item.below - item.top) // 3)
    return slice_of(item.start, item.start + 4) if item.add_path else b""


cdef inline object slice_of(const uint8_t *start, const uint8_t *stop):
    return PyBytes_FromStringAndSize(<const char *> start, stop - start)


cdef void plain(uint8_t *stack, Py_ssize_t size) noexcept:
    cdef Py_ssize_t i
    for i in range(2, size, 3):
        stack[i] &= 0xF0
    if size > 0:
        stack[size - 1] |= 1


cdef object labels(Item *item):
    cdef list made = []
    cdef const uint8_t *pos = item.top
    while pos < item.below:
        made.append(pos[0] << 12 | pos[1] << 4 | pos[2] >> 4)
        pos += 3
    return made


cdef object _needs(Blueprint blueprint, bint labelled, bint distinguished):
    """ValueError if ``blueprint`` asks for a part that the prefixes do not have."""
    cdef Setting *step = blueprint.steps
    cdef Setting *last = step + blueprint.count
    if not blueprint.depth:
        raise AttributeError("a blueprint that was never made")
    # The steps and not ``attributes``, which its holder may have changed since.
    while step < last:
        if step.source == CHILD:
            _needs(<Blueprint> step.value, labelled, distinguished)
        elif step.source == DISTINGUISHER and not distinguished:
            raise ValueError("prefixes without a route distinguisher")
        elif step.source in _OF_LABELS and not labelled:
            raise ValueError("prefixes without labels")
        step += 1


cdef class PrefixBuilder:
    """Makes objects after ``blueprint`` from NLRI of addresses of ``longest`` bits (32 or 128).

    ``add_path``, ``labelled`` and ``distinguished`` say what stands before each prefix, ``withdraw`` whether
    label 0x800000 ends a stack (RFC 8277 section 2.4). ``one_label`` ends it behind the first label wherever the
    length leaves a prefix of 1 to ``longest`` bits (RFC 8277 section 2.2), marked as the bottom or not.
    """

    cdef Blueprint blueprint
    cdef int longest
    cdef bint add_path
    cdef bint labelled
    cdef bint distinguished
    cdef bint withdraw
    cdef bint one_label

    def __init__(
        self,
        Blueprint blueprint not None,
        int longest,
        bint add_path=False,
        bint labelled=False,
        bint distinguished=False,
        bint withdraw=False,
        bint one_label=False,
    ):
        if self.blueprint is not None:
            raise TypeError("a builder is made once")
        if longest != 32 and longest != 128:
            raise ValueError(f"addresses have 32 or 128 bits, not {longest}")
        _needs(blueprint, labelled, distinguished)
        self.blueprint = blueprint
        self.longest = longest
        self.add_path = add_path
        self.labelled = labelled
        self.distinguished = distinguished
        self.withdraw = withdraw
        self.one_label = one_label

    cdef bint next(self, Cursor *at, Item *item) noexcept:
        """Read one NLRI; false if it is not well formed.

        The end of a label stack is ExaBGP's, which is not that of ``next_labelled``.
        """
        cdef PrefixItem prefix
        cdef const uint8_t *pos
        cdef const uint8_t *label
        cdef int bits
        cdef int tail = 64 if self.distinguished else 0
        item.start = at.pos
        if not self.labelled and not self.distinguished:
            if next_prefix(at, self.longest, self.add_path, &prefix) != Step.ITEM:
                return False
            item.top = item.below = item.address = prefix.octets
            item.stop = at.pos
            item.bits = prefix.bits
            return True
        if next_path(at, self.add_path, &prefix.path_id) != Step.ITEM:
            return False
        pos = at.pos
        bits = pos[0]
        pos += 1
        item.top = pos
        if self.labelled:
            while True:
                if bits - tail < 24 or at.end - pos < 3:
                    return False
                bits -= 24
                label = pos
                pos += 3
                if label[2] & 1:
                    break
                if label == item.top:
                    if self.one_label and tail < bits <= tail + self.longest:
                        break
                    if not (label[1] | label[2]) and (label[0] == 0 or label[0] == 0x80 and self.withdraw):
                        break
        item.below = pos
        if self.distinguished:
            bits -= 64
            if at.end - pos < 8:
                return False
            pos += 8
        if bits < 0 or bits > self.longest:
            return False
        item.address = pos
        if at.end - pos < (bits + 7) >> 3:
            return False
        item.stop = pos + ((bits + 7) >> 3)
        item.bits = bits
        at.pos = item.stop
        return True

    def all(self, bytes data not None, Py_ssize_t start, Py_ssize_t end, object extra=None):
        """One object for each NLRI of ``data[start:end]``, or ``None`` if anything there is not well formed."""
        cdef Cursor at = self.begin(data, start, end)
        cdef Item item
        cdef list made = []
        item.octets = self.longest >> 3
        item.add_path = self.add_path
        while at.pos < at.end:
            if not self.next(&at, &item):
                return None
            made.append(self.blueprint.make(&item, extra))
        return made

    def one(self, bytes data not None, Py_ssize_t start, Py_ssize_t end, object extra=None):
        """The object of the first NLRI of ``data[start:end]`` and where that ends, or ``None``."""
        cdef Cursor at = self.begin(data, start, end)
        cdef Item item
        item.octets = self.longest >> 3
        item.add_path = self.add_path
        if at.pos == at.end or not self.next(&at, &item):
            return None
        return self.blueprint.make(&item, extra), at.pos - at.base

    cdef Cursor begin(self, bytes data, Py_ssize_t start, Py_ssize_t end) except *:
        if not 0 <= start <= end <= len(data):
            raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
        if self.blueprint is None:
            raise AttributeError("a builder without a blueprint")
        return cursor(<const uint8_t *> PyBytes_AS_STRING(data), start, end)
