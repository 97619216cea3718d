"""A batch of columns: values in, buffers of Arrow out. See the twin, ``_python/batch.py``."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.unicode cimport PyUnicode_AsUTF8AndSize, PyUnicode_DecodeUTF8
from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from bgpwire._cython.arrow cimport array_capsule
from bgpwire._cython.rows cimport (
    LAYOUTS_MOST,
    Node,
    Rows,
    end_of,
    fill_bit,
    fill_fixed,
    fill_name,
    fill_null,
    fill_octets,
    fill_u8,
    fill_u16,
    fill_u32,
    fill_u64,
    hold_rows,
    is_full,
    leave_pool,
    leave_rows,
    name_number,
    new_pool,
    take_rows,
    valid,
)

from bgpwire.columns.kinds import Kind

__all__ = ["Batch", "Builder"]


cdef int check(int done) except -1:
    if done < 0:
        raise MemoryError("no memory for a batch of columns")
    return 0


cdef int put_value(Node *self, object value) except -1:
    """One Python value, as :class:`bgpwire.columns.kinds.Kind` says for each kind."""
    cdef const char *text
    cdef Py_ssize_t size = 0
    cdef bytes octets
    cdef int index
    cdef char form = self.layout.format[0]
    if value is None:
        return check(fill_null(self, 1))
    if self.names != NULL:
        text = PyUnicode_AsUTF8AndSize(value, &size)
        return check(fill_name(self, name_number(self, <const uint8_t *> text, size), 1))
    if self.layout.code:
        if self.layout.width == 4:
            return check(fill_u32(self, <uint32_t> value, 1))
        if self.layout.width == 1:
            return check(fill_u8(self, <uint8_t> value, 1))
        if self.layout.width == 2:
            return check(fill_u16(self, <uint16_t> value, 1))
        if self.layout.code == c"q":
            return check(fill_u64(self, <uint64_t> <int64_t> value, 1))
        return check(fill_u64(self, <uint64_t> value, 1))
    if form == c"u":
        text = PyUnicode_AsUTF8AndSize(value, &size)
        return check(fill_octets(self, text, size, 1))
    if form == c"b":
        return check(fill_bit(self, bool(value), 1))
    if self.layout.count == 0:
        octets = value
        if self.layout.width:
            if PyBytes_GET_SIZE(octets) != self.layout.width:
                raise ValueError(f"{self.layout.width} octets are needed, not {len(octets)}")
            return check(fill_fixed(self, PyBytes_AS_STRING(octets), 1))
        return check(fill_octets(self, PyBytes_AS_STRING(octets), PyBytes_GET_SIZE(octets), 1))
    if self.layout.format[1] == c"s":
        for index in range(self.layout.count):
            put_value(&self.children[index], value[index])
        return check(valid(self, 1))
    for item in value:
        put_value(&self.children[0], item)
    return check(end_of(self, <int32_t> self.children[0].length))


cdef object value_at(const Node *self, int64_t index):
    """The Python value at ``index``, as it was put."""
    cdef const int32_t *ends = <const int32_t *> self.values.data
    cdef const uint8_t *data = self.values.data
    cdef char form = self.layout.format[0]
    cdef int child
    cdef int64_t item
    if self.nulls and not self.validity.data[index >> 3] >> (index & 7) & 1:
        return None
    if self.names != NULL:
        return value_at(self.names, (<const int8_t *> data)[index] if self.layout.width == 1 else ends[index])
    if self.layout.code:
        if self.layout.width == 4:
            return (<const uint32_t *> data)[index]
        if self.layout.width == 1:
            return data[index]
        if self.layout.width == 2:
            return (<const uint16_t *> data)[index]
        if self.layout.code == c"q":
            return (<const int64_t *> data)[index]
        return (<const uint64_t *> data)[index]
    if form == c"b":
        return bool(data[index >> 3] >> (index & 7) & 1)
    if form == c"w":
        return PyBytes_FromStringAndSize(<const char *> data + 16 * index, 16)
    if form == c"u":
        return PyUnicode_DecodeUTF8(<const char *> self.octets.data + ends[index], ends[index + 1] - ends[index], NULL)
    if form == c"z":
        return PyBytes_FromStringAndSize(<const char *> self.octets.data + ends[index], ends[index + 1] - ends[index])
    if self.layout.format[1] == c"s":
        return tuple([value_at(&self.children[child], index) for child in range(self.layout.count)])
    return [value_at(&self.children[0], item) for item in range(ends[index], ends[index + 1])]


@cython.final
cdef class Builder:
    """Takes rows, gives a :class:`Batch` of those taken so far. ``kinds`` says what each column holds."""

    def __init__(self, kinds not None):
        cdef int[LAYOUTS_MOST] numbers
        cdef int index = 0
        if self._pool != NULL:
            raise TypeError("a builder is made once")
        kinds = tuple(kinds)
        if len(kinds) > LAYOUTS_MOST:
            raise ValueError(f"{LAYOUTS_MOST} columns at most")
        for kind in kinds:
            numbers[index] = Kind(kind)
            index += 1
        self._pool = new_pool(numbers, index)
        if self._pool == NULL:
            raise MemoryError("no memory for columns")

    def __dealloc__(self):
        if self._rows != NULL:
            leave_rows(self._rows)
        if self._pool != NULL:
            leave_pool(self._pool)

    def add(self, row not None):
        """Append a row: one value for each column, ``None`` for null."""
        cdef int index = 0
        cdef Rows *rows = self.begun()
        if len(row) != rows.count:
            raise ValueError("a row has a value for each column")
        for value in row:
            put_value(&rows.columns[index], value)
            index += 1
        rows.length += 1

    cdef Rows *begun(self) except NULL:
        """The rows that are being filled; the next ones are taken as late as here, when a batch may have been left."""
        if self._pool == NULL:
            raise ValueError("a builder without columns")
        if self._rows == NULL:
            self._rows = take_rows(self._pool)
            if self._rows == NULL:
                raise MemoryError("no memory for a batch of columns")
        return self._rows

    cpdef Batch take(self):
        """The rows so far, and an empty builder."""
        cdef Batch batch = Batch.__new__(Batch)
        batch._rows = self.begun()
        self._rows = NULL
        return batch

    cdef bint full(self) noexcept:
        cdef int index
        if self._rows == NULL:
            return False
        for index in range(self._rows.count):
            if is_full(&self._rows.columns[index]):
                return True
        return False


@cython.final
cdef class Batch:
    """Rows of columns, each as Python values and as buffers of Arrow."""

    def __init__(self, kinds not None, columns not None):
        cdef Builder builder = Builder(kinds)
        cdef Rows *rows
        for row in zip(*columns, strict=True):
            builder.add(row)
        if self._rows != NULL:
            raise TypeError("a batch is made once")
        rows = builder.begun()
        hold_rows(rows)
        self._rows = rows

    def __dealloc__(self):
        if self._rows != NULL:
            leave_rows(self._rows)

    @property
    def num_rows(self):
        return 0 if self._rows == NULL else self._rows.length

    def column(self, int index):
        """The values of a column, as they were added."""
        cdef int64_t row
        if self._rows == NULL or not 0 <= index < self._rows.count:
            raise IndexError(f"no column {index}")
        return [value_at(&self._rows.columns[index], row) for row in range(self._rows.length)]

    def capsule(self):
        """A capsule ``arrow_array``: a structure whose children are the columns."""
        if self._rows == NULL:
            raise ValueError("a batch without columns")
        return array_capsule(self._rows)
