"""The memory of columns: arrays as Arrow has them, in C.

They are counted by who holds them, and used again for a later batch when nobody does: fresh memory costs as much as
what is written into it. Two batches are kept for the next who reads the same columns. Nothing here is for Python.
"""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcmp, memcpy, memset

import os

from bgpwire.columns.kinds import LAYOUTS, Kind

cdef extern from *:
    """
    #if defined(_MSC_VER)
    #include <intrin.h>
    #define bgpwire_add(where, by) (_InterlockedExchangeAdd((volatile long *) (where), (by)) + (by))
    #else
    #define bgpwire_add(where, by) __atomic_add_fetch((where), (by), __ATOMIC_ACQ_REL)
    #endif
    """
    int atomic_add "bgpwire_add"(int *where, int by) nogil

cdef extern from "pythread.h":
    void *PyThread_allocate_lock() nogil
    void PyThread_free_lock(void *) nogil
    int PyThread_acquire_lock(void *, int) nogil
    void PyThread_release_lock(void *) nogil

__all__ = []

cdef enum:
    IDLE = 2  # one that is filled, and one that is looked at
    IDLE_OCTETS = 1 << 26

cdef Pool *_last = NULL
cdef void *_last_lock = PyThread_allocate_lock()
if _last_lock == NULL:
    raise MemoryError("no memory for a lock")

cdef uint64_t SECRET = <uint64_t> int.from_bytes(os.urandom(8))

cdef int _layouts = 0
cdef list _names = []  # keeps the octets that child_names points at


cdef int _enter(object layout) except -1:
    """Put a layout and what stands inside it into the table; its place there."""
    global _layouts
    cdef int place = _layouts, index
    cdef LayoutItem *item = &LAYOUT[place]
    cdef bytes text = layout.format
    if place == LAYOUTS_MOST or len(layout.children) > CHILDREN_MOST or len(text) > 7:
        raise ValueError("more layouts than there is room for")
    _layouts += 1
    memcpy(item.format, PyBytes_AS_STRING(text), len(text))
    item.code = ord(layout.code) if layout.code else 0
    item.width = {b"C": 1, b"c": 1, b"S": 2, b"I": 4, b"i": 4, b"L": 8, b"tsu:UTC": 8, b"w:16": 16}.get(text, 0)
    item.names = layout.names
    item.count = len(layout.children)
    for index in range(item.count):
        name, child = layout.children[index]
        _names.append(name.encode())
        item.child_names[index] = PyBytes_AS_STRING(<bytes> _names[len(_names) - 1])
        item.children[index] = _enter(child)
    return place


for _kind in Kind:
    OF_KIND[<int> _kind] = _enter(LAYOUTS[_kind])


cdef int _begin(Node *self, const LayoutItem *layout) noexcept nogil:
    """An array without a value; all of it is zeros before."""
    cdef int index
    self.layout = layout
    if layout.count:
        self.children = <Node *> calloc(layout.count, sizeof(Node))
        if self.children == NULL:
            return -1
        for index in range(layout.count):
            if _begin(&self.children[index], &LAYOUT[layout.children[index]]) < 0:
                return -1
    if layout.names:
        self.names = <Node *> calloc(1, sizeof(Node))
        self.slots = <uint32_t *> calloc(256, 4)
        self.slots_mask = 255
        if self.names == NULL or self.slots == NULL:
            return -1
        if _begin(self.names, &LAYOUT[OF_KIND[TEXT]]) < 0:
            return -1
    return _reset(self)


cdef int _reset(Node *self) noexcept nogil:
    """Empty, with the memory that it has."""
    cdef int index
    cdef int32_t zero = 0
    self.length = self.nulls = 0
    self.validity.size = self.values.size = self.octets.size = 0
    if self.layout.width == 0 and self.layout.format[0] != c"b" and self.layout.format[1] != c"s":
        if put(&self.values, &zero, 4) < 0:  # where the first value begins
            return -1
    for index in range(self.layout.count):
        if _reset(&self.children[index]) < 0:
            return -1
    if self.names != NULL:
        memset(self.slots, 0, 4 * (<size_t> self.slots_mask + 1))
        return _reset(self.names)
    return 0


cdef void _end(Node *self) noexcept nogil:
    cdef int index
    free(self.validity.data)
    free(self.values.data)
    free(self.octets.data)
    free(self.slots)
    if self.children != NULL:
        for index in range(self.layout.count):
            _end(&self.children[index])
        free(self.children)
    if self.names != NULL:
        _end(self.names)
        free(self.names)


cdef Pool *new_pool(const int *kinds, int count) noexcept nogil:
    """The pool of such columns, left once by ``leave_pool``: that which was made last, if it is for the same."""
    global _last
    cdef Pool *before
    cdef Pool *pool
    PyThread_acquire_lock(_last_lock, 1)
    before = _last
    if before != NULL and before.count == count and not memcmp(before.kinds, kinds, count * sizeof(int)):
        atomic_add(&before.references, 1)
        PyThread_release_lock(_last_lock)
        return before
    pool = _made_pool(kinds, count)
    if pool != NULL:
        pool.references = 2
        _last = pool
    PyThread_release_lock(_last_lock)
    if pool != NULL and before != NULL:
        leave_pool(before)
    return pool


cdef Pool *_made_pool(const int *kinds, int count) noexcept nogil:
    cdef Pool *pool = <Pool *> calloc(1, sizeof(Pool))
    if pool == NULL:
        return NULL
    pool.lock = PyThread_allocate_lock()
    pool.kinds = <int *> malloc(count * sizeof(int) + 1)
    if pool.lock == NULL or pool.kinds == NULL:
        if pool.lock != NULL:
            PyThread_free_lock(pool.lock)
        free(pool.kinds)
        free(pool)
        return NULL
    memcpy(pool.kinds, kinds, count * sizeof(int))
    pool.count = count
    return pool


cdef void leave_pool(Pool *pool) noexcept nogil:
    """From any thread. Of what nobody reads any more ``IDLE`` rows wait for who reads such columns next."""
    cdef int references
    cdef Rows *rows
    PyThread_acquire_lock(_last_lock, 1)  # nobody else can leave it meanwhile, or take it
    references = atomic_add(&pool.references, -1)
    if references == 1 and pool == _last:
        while pool.free:
            rows = pool.rows[pool.free - 1]
            if pool.free <= IDLE and _room(rows) <= IDLE_OCTETS:
                break
            pool.free -= 1
            _free_rows(rows)
    PyThread_release_lock(_last_lock)
    if references:
        return
    while pool.free:
        pool.free -= 1
        _free_rows(pool.rows[pool.free])
    PyThread_free_lock(pool.lock)
    free(pool.kinds)
    free(pool)


cdef Py_ssize_t _room(const Rows *rows) noexcept nogil:
    """Octets that rows may take, the greatest part of which they do not."""
    cdef Py_ssize_t room = 0
    cdef int index
    for index in range(rows.count):
        room += _room_of(&rows.columns[index])
    return room


cdef Py_ssize_t _room_of(const Node *self) noexcept nogil:
    cdef Py_ssize_t room = self.validity.room + self.values.room + self.octets.room
    cdef int index
    for index in range(self.layout.count):
        room += _room_of(&self.children[index])
    return room if self.names == NULL else room + 4 * <Py_ssize_t> self.slots_mask + _room_of(self.names)


cdef void _free_rows(Rows *rows) noexcept nogil:
    cdef int index
    if rows.columns != NULL:
        for index in range(rows.count):
            if rows.columns[index].layout != NULL:
                _end(&rows.columns[index])
        free(rows.columns)
    free(rows)


cdef Rows *take_rows(Pool *pool) noexcept nogil:
    """Rows to be filled, held once; NULL without memory."""
    cdef Rows *rows = NULL
    cdef int index
    PyThread_acquire_lock(pool.lock, 1)
    if pool.free:
        pool.free -= 1
        rows = pool.rows[pool.free]
    PyThread_release_lock(pool.lock)
    if rows == NULL:
        rows = <Rows *> calloc(1, sizeof(Rows))
        if rows == NULL:
            return NULL
        rows.count = pool.count
        rows.columns = <Node *> calloc(pool.count + 1, sizeof(Node))
        if rows.columns == NULL:
            free(rows)
            return NULL
        for index in range(pool.count):
            if _begin(&rows.columns[index], &LAYOUT[OF_KIND[pool.kinds[index]]]) < 0:
                _free_rows(rows)
                return NULL
    else:
        for index in range(rows.count):
            if _reset(&rows.columns[index]) < 0:
                _free_rows(rows)
                return NULL
    rows.length = 0
    rows.references = 1
    rows.pool = pool
    atomic_add(&pool.references, 1)
    return rows


cdef void hold_rows(Rows *rows) noexcept nogil:
    atomic_add(&rows.references, 1)


cdef void leave_rows(Rows *rows) noexcept nogil:
    """The last who leaves them gives them back; from any thread."""
    cdef Pool *pool = rows.pool
    if atomic_add(&rows.references, -1):
        return
    PyThread_acquire_lock(pool.lock, 1)
    if pool.free < 4:
        pool.rows[pool.free] = rows
        pool.free += 1
        rows = NULL
    PyThread_release_lock(pool.lock)
    if rows != NULL:
        _free_rows(rows)
    leave_pool(pool)


cdef uint64_t hash_of(const uint8_t *text, Py_ssize_t size) noexcept nogil:
    """A hash with a secret of the process: who writes the texts cannot make them meet in one place of the table."""
    cdef uint64_t hash = SECRET ^ <uint64_t> size, part
    while size >= 8:
        memcpy(&part, text, 8)
        hash = (hash ^ part) * (SECRET | 1)
        hash ^= hash >> 32
        text += 8
        size -= 8
    part = 0
    memcpy(&part, text, size)
    hash = (hash ^ part) * (SECRET | 1)
    return hash ^ hash >> 32


cdef int32_t name_number(Node *self, const uint8_t *text, Py_ssize_t size) noexcept nogil:
    """The number of a text in the dictionary, which takes it in where it is new; -1 without memory or room."""
    cdef uint64_t hash = hash_of(text, size)
    cdef uint32_t slot, found
    cdef const int32_t *ends = <const int32_t *> self.names.values.data
    slot = <uint32_t> hash & self.slots_mask
    while self.slots[slot]:
        found = self.slots[slot] - 1
        if ends[found + 1] - ends[found] == size and not memcmp(self.names.octets.data + ends[found], text, size):
            return <int32_t> found
        slot = (slot + 1) & self.slots_mask
    if self.names.length >= (127 if self.layout.width == 1 else 0x3FFFFFFF):
        return -1
    if fill_octets(self.names, text, size, 1) < 0:
        return -1
    self.slots[slot] = <uint32_t> self.names.length
    found = <uint32_t> self.names.length - 1
    if 2 * <uint64_t> self.names.length > self.slots_mask and _rehash(self) < 0:
        return -1
    return <int32_t> found


cdef int _rehash(Node *self) noexcept nogil:
    """A hash table of twice as many places."""
    cdef uint32_t mask = 2 * self.slots_mask + 1, slot, number
    cdef uint32_t *slots = <uint32_t *> calloc(<size_t> mask + 1, 4)
    cdef const int32_t *ends = <const int32_t *> self.names.values.data
    if slots == NULL:
        return -1
    for number in range(<uint32_t> self.names.length):
        slot = <uint32_t> hash_of(self.names.octets.data + ends[number], ends[number + 1] - ends[number]) & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = number + 1
    free(self.slots)
    self.slots = slots
    self.slots_mask = mask
    return 0
