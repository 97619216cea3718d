"""What reads records, and groups of bits as records of them.

See the twin, ``_python/record_reads.py``, and ``reads.pyx``.
"""

cimport cython
from libc.stdint cimport uint64_t

from bgpwire._cython.reader cimport Reader, number_at, taken, too_short
from bgpwire._cython.reads cimport Reads, fitting, reads_of

__all__ = ["reads_bits", "reads_record"]


@cython.final
cdef class Step:
    cdef object name
    cdef Py_ssize_t size
    cdef Reads read


@cython.final
cdef class Record(Reads):
    cdef tuple steps

    def __cinit__(self, tuple fields not None):
        cdef Step step
        cdef list steps = []
        for name, size, read in fields:
            step = Step.__new__(Step)
            step.name = name
            step.size = fitting(size, 8, "a number")
            step.read = None if size else reads_of(read)
            steps.append(step)
        self.steps = tuple(steps)

    cdef object of(self, Reader reader):
        cdef dict out = {}
        cdef Step step
        cdef Py_ssize_t pos
        cdef object value
        for step in self.steps:
            if step.size:
                pos = taken(reader, step.size)
                if pos < 0:
                    raise too_short(reader, step.size)
                out[step.name] = number_at(reader, pos, step.size)
            elif step.name is None:
                step.read.into(reader, out)
            else:
                value = step.read.of(reader)
                if value is not None:
                    out[step.name] = value
        return out


@cython.final
cdef class Group:
    cdef object name
    cdef int shift
    cdef uint64_t mask
    cdef dict names
    cdef bint spare


@cython.final
cdef class Bits(Reads):
    cdef Py_ssize_t size
    cdef tuple groups

    def __cinit__(self, Py_ssize_t size, tuple groups not None):
        cdef Group group
        cdef list made = []
        for name, shift, mask, names, spare in groups:
            group = Group.__new__(Group)
            group.name = name
            group.shift = shift
            group.mask = mask
            group.names = names or None
            group.spare = spare
            made.append(group)
        self.size = fitting(size, 8, "groups of bits")
        self.groups = tuple(made)

    cdef object of(self, Reader reader):
        cdef dict out = {}
        self.into(reader, out)
        return out

    cdef int into(self, Reader reader, dict out) except -1:
        cdef Group group
        cdef object found
        cdef uint64_t value, number
        cdef Py_ssize_t pos = taken(reader, self.size)
        if pos < 0:
            raise too_short(reader, self.size)
        number = number_at(reader, pos, self.size)
        for group in self.groups:
            value = number >> group.shift & group.mask
            if value or not group.spare:
                found = value
                out[group.name] = found if group.names is None else group.names.get(found, found)
        return 0


def reads_record(fields):
    """The values of fields one behind the other, by name; those that are ``None`` are left out.

    Each field is ``(name, size, read)``: an unsigned integer of ``size`` octets, at most 8, or with a size of 0 what
    ``read(reader)`` returns; without a name (``None``) that is a record too, whose values are taken over.
    """
    return Record(fields)


def reads_bits(size, groups):
    """The groups of bits in ``size`` octets, at most 8, by name: ``(name, shift, mask, names, spare)`` each.

    ``names`` are what stands for numbers; a group that is ``spare`` is left out where it is 0.
    """
    return Bits(size, groups)
