"""The structures of Arrow's C data and stream interfaces, handed out in capsules.

See the twin, ``_python/arrow.py``. An array that is out refers to nothing of Python's, so it can be released from any
thread; what a stream is asked takes the GIL.
"""

from cpython.object cimport PyObject
from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_New
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.stdint cimport int64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset, strlen

from bgpwire._cython.rows cimport LAYOUT, OF_KIND, TEXT, LayoutItem, Node, Rows, hold_rows, leave_rows

from bgpwire.columns.kinds import Kind

cdef extern from "Python.h":
    void PyErr_Fetch(PyObject **kind, PyObject **value, PyObject **trace)
    void PyErr_Restore(PyObject *kind, PyObject *value, PyObject *trace)

__all__ = ["schema_capsule", "stream_capsule"]

cdef const char *NOTHING = b""  # where a buffer without an octet stands

cdef enum:
    NULLABLE = 2
    FAILED = 5  # EIO


cdef struct SchemaBlock:
    char[8] format
    ArrowSchema **pointers
    ArrowSchema *inside  # the children, then the dictionary
    char *name


cdef struct ArrayBlock:
    Rows *rows
    const void *buffers[3]
    ArrowArray **pointers
    ArrowArray *inside


cdef void release_schema(ArrowSchema *self) noexcept nogil:
    """What ``release`` of a schema does, from any thread."""
    cdef SchemaBlock *block = <SchemaBlock *> self.private_data
    cdef int64_t index, inside = self.n_children + (self.dictionary != NULL)
    for index in range(inside):
        if block.inside[index].release != NULL:  # else it was moved away
            block.inside[index].release(&block.inside[index])
    free(block.pointers)
    free(block.inside)
    free(block.name)
    free(block)
    self.release = NULL


cdef void release_array(ArrowArray *self) noexcept nogil:
    """What ``release`` of an array does, from any thread."""
    cdef ArrayBlock *block = <ArrayBlock *> self.private_data
    cdef int64_t index, inside = self.n_children + (self.dictionary != NULL)
    for index in range(inside):
        if block.inside[index].release != NULL:
            block.inside[index].release(&block.inside[index])
    free(block.pointers)
    free(block.inside)
    leave_rows(block.rows)
    free(block)
    self.release = NULL


cdef int begin_schema(ArrowSchema *self, const char *format, const char *name, int children, bint names) noexcept nogil:
    """A schema with room for what is inside it, which is to be filled in; -1 without memory."""
    cdef SchemaBlock *block = <SchemaBlock *> calloc(1, sizeof(SchemaBlock))
    cdef size_t size = strlen(name) + 1
    cdef int index
    memset(self, 0, sizeof(ArrowSchema))
    if block == NULL:
        return -1
    block.pointers = <ArrowSchema **> calloc(children + 1, sizeof(ArrowSchema *))
    block.inside = <ArrowSchema *> calloc(children + names + 1, sizeof(ArrowSchema))
    block.name = <char *> malloc(size)
    self.private_data = block
    self.release = release_schema
    if block.pointers == NULL or block.inside == NULL or block.name == NULL:
        self.release(self)
        return -1
    memcpy(block.format, format, strlen(format))
    memcpy(block.name, name, size)
    for index in range(children):
        block.pointers[index] = &block.inside[index]
    self.format = block.format
    self.name = block.name
    self.n_children = children
    self.children = block.pointers
    self.dictionary = &block.inside[children] if names else NULL
    return 0


cdef int schema_of(ArrowSchema *self, const LayoutItem *layout, const char *name) noexcept nogil:
    cdef int index
    if begin_schema(self, layout.format, name, layout.count, layout.names) < 0:
        return -1
    self.flags = NULLABLE
    for index in range(layout.count):
        if schema_of(self.children[index], &LAYOUT[layout.children[index]], layout.child_names[index]) < 0:
            self.release(self)
            return -1
    if layout.names and schema_of(self.dictionary, &LAYOUT[OF_KIND[TEXT]], b"") < 0:
        self.release(self)
        return -1
    return 0


cdef int begin_array(ArrowArray *self, Rows *rows, int children, bint names) noexcept nogil:
    cdef ArrayBlock *block = <ArrayBlock *> calloc(1, sizeof(ArrayBlock))
    cdef int index
    memset(self, 0, sizeof(ArrowArray))
    if block == NULL:
        return -1
    block.pointers = <ArrowArray **> calloc(children + 1, sizeof(ArrowArray *))
    block.inside = <ArrowArray *> calloc(children + names + 1, sizeof(ArrowArray))
    block.rows = rows
    hold_rows(rows)
    self.private_data = block
    self.release = release_array
    if block.pointers == NULL or block.inside == NULL:
        self.release(self)
        return -1
    for index in range(children):
        block.pointers[index] = &block.inside[index]
    self.buffers = block.buffers
    self.n_children = children
    self.children = block.pointers
    self.dictionary = &block.inside[children] if names else NULL
    return 0


cdef int array_of(ArrowArray *self, Rows *rows, const Node *node) noexcept nogil:
    cdef const LayoutItem *layout = node.layout
    cdef int index
    if begin_array(self, rows, layout.count, layout.names) < 0:
        return -1
    self.length = node.length
    self.null_count = node.nulls
    self.buffers[0] = node.validity.data if node.nulls else NULL
    self.n_buffers = 1
    if layout.format[1] != c"s" or layout.format[0] != c"+":
        self.buffers[1] = node.values.data if node.values.data != NULL else NOTHING
        self.n_buffers = 2
    if layout.format[0] == c"u" or layout.format[0] == c"z":
        self.buffers[2] = node.octets.data if node.octets.data != NULL else NOTHING
        self.n_buffers = 3
    for index in range(layout.count):
        if array_of(self.children[index], rows, &node.children[index]) < 0:
            self.release(self)
            return -1
    if layout.names and array_of(self.dictionary, rows, node.names) < 0:
        self.release(self)
        return -1
    return 0


cdef void free_schema(object capsule) noexcept:
    cdef ArrowSchema *self = <ArrowSchema *> PyCapsule_GetPointer(capsule, b"arrow_schema")
    if self.release != NULL:
        self.release(self)
    free(self)


cdef void free_array(object capsule) noexcept:
    cdef ArrowArray *self = <ArrowArray *> PyCapsule_GetPointer(capsule, b"arrow_array")
    if self.release != NULL:
        self.release(self)
    free(self)


cdef void free_stream(object capsule) noexcept:
    cdef ArrowStream *self = <ArrowStream *> PyCapsule_GetPointer(capsule, b"arrow_array_stream")
    if self.release != NULL:
        self.release(self)
    free(self)


cdef object array_capsule(Rows *rows):
    """A capsule ``arrow_array``: a structure whose children are the columns."""
    cdef ArrowArray *self = <ArrowArray *> calloc(1, sizeof(ArrowArray))
    cdef int index
    cdef bint whole
    if self == NULL:
        raise MemoryError
    capsule = PyCapsule_New(self, b"arrow_array", free_array)
    whole = begin_array(self, rows, rows.count, False) == 0
    index = 0
    while whole and index < rows.count:
        whole = array_of(self.children[index], rows, &rows.columns[index]) == 0
        index += 1
    if not whole:
        raise MemoryError
    self.length = rows.length
    self.n_buffers = 1
    return capsule


cdef int fill_schema(ArrowSchema *self, tuple names, tuple kinds) except -1:
    cdef int index = 0, kind
    if begin_schema(self, b"+s", b"", len(names), False) < 0:
        raise MemoryError
    for name, kind in zip(names, kinds, strict=True):
        if schema_of(self.children[index], &LAYOUT[OF_KIND[kind]], <bytes> name) < 0:
            raise MemoryError
        index += 1
    return 0


cdef tuple encoded(object names):
    return tuple([(<str> name).encode() for name in names])


cdef tuple checked(object kinds):
    return tuple([int(Kind(kind)) for kind in kinds])


def schema_capsule(names not None, kinds not None):
    """A capsule ``arrow_schema``: a structure of columns of these names and kinds."""
    cdef ArrowSchema *self = <ArrowSchema *> calloc(1, sizeof(ArrowSchema))
    if self == NULL:
        raise MemoryError
    capsule = PyCapsule_New(self, b"arrow_schema", free_schema)
    fill_schema(self, encoded(names), checked(kinds))
    return capsule


cdef class Source:
    """What a stream gives, and what it said last."""

    cdef tuple names
    cdef tuple kinds
    cdef object batches
    cdef bytes said


cdef int stream_schema(ArrowStream *self, ArrowSchema *out) noexcept with gil:
    cdef Source source = <Source> self.private_data
    try:
        fill_schema(out, source.names, source.kinds)
    except BaseException as error:
        return failed(source, error)
    return 0


cdef int stream_next(ArrowStream *self, ArrowArray *out) noexcept with gil:
    cdef Source source = <Source> self.private_data
    cdef ArrowArray *found
    try:
        batch = next(source.batches, None)
        if batch is None:
            memset(out, 0, sizeof(ArrowArray))  # released already: the end
            return 0
        capsule = batch.capsule()
        found = <ArrowArray *> PyCapsule_GetPointer(capsule, b"arrow_array")
        out[0] = found[0]
        found.release = NULL
    except BaseException as error:
        return failed(source, error)
    return 0


cdef int failed(Source source, object error):
    """Keep what is said of an exception; EIO."""
    source.said = f"{type(error).__name__}: {error}".encode("utf-8", "replace").replace(b"\0", b"")
    return FAILED


cdef const char *stream_error(ArrowStream *self) noexcept with gil:
    cdef Source source = <Source> self.private_data
    return NULL if source.said is None else <const char *> source.said


cdef void release_stream(ArrowStream *self) noexcept with gil:
    """What ``release`` of a stream does; an exception of the consumer's may be under way."""
    cdef PyObject *kind = NULL
    cdef PyObject *value = NULL
    cdef PyObject *trace = NULL
    PyErr_Fetch(&kind, &value, &trace)
    close_source(<Source> self.private_data)
    self.release = NULL
    PyErr_Restore(kind, value, trace)


cdef void close_source(Source source) noexcept:
    Py_DECREF(source)
    try:
        closing = getattr(source.batches, "close", None)
        if closing is not None:
            closing()
    except BaseException:
        pass  # nobody is there to be told


def stream_capsule(names not None, kinds not None, batches not None):
    """A capsule ``arrow_array_stream`` of ``batches``, an iterator whose items are made when they are asked for.

    What they raise is an error of the stream, with its text. Their ``close()``, if they have one, is called when
    the stream is released.
    """
    cdef ArrowStream *self
    cdef Source source = Source()
    source.names = encoded(names)
    source.kinds = checked(kinds)
    source.batches = batches
    self = <ArrowStream *> calloc(1, sizeof(ArrowStream))
    if self == NULL:
        raise MemoryError
    capsule = PyCapsule_New(self, b"arrow_array_stream", free_stream)
    self.get_schema = stream_schema
    self.get_next = stream_next
    self.get_last_error = stream_error
    Py_INCREF(source)
    self.private_data = <void *> source
    self.release = release_stream
    return capsule
