"""What reads records, groups of bits as records of them, and fields of which something else says what they are.

See the twin, ``_python/record_reads.py``, and ``reads.pyx``.
"""

cimport cython
from libc.stdint cimport uint64_t

from bgpwire._cython.reader cimport Reader, number_at, taken, too_short
from bgpwire._cython.reads cimport Reads, fitting, reads_of

__all__ = ["reads_bits", "reads_chosen", "reads_depending", "reads_record"]


@cython.final
cdef class Step:
    """A member of a record, and one way to read it: a number of ``size`` octets, or what is not ``None``."""

    cdef object name
    cdef Py_ssize_t size
    cdef Bits bits
    cdef object by
    cdef Reads read
    cdef object call


cdef Step step_of(object name, Py_ssize_t size, object read):
    cdef Step step = Step.__new__(Step)
    step.name = name
    step.size = fitting(size, 8, "a number")
    if size:
        return step
    if isinstance(read, Bits) and name is None:
        step.bits = read
    elif isinstance(read, Depending) and name is not None:
        step.by = (<Depending> read).by
    elif isinstance(read, Reads):
        step.read = read
    else:
        step.call = read
    return step


@cython.final
cdef class Record(Reads):
    cdef tuple steps

    def __cinit__(self, tuple fields not None):
        self.steps = tuple([step_of(name, size, read) for name, size, read in fields])

    cdef object of(self, Reader reader):
        # What reads a member is called from here, as an error costs time in each function that it passes.
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
                continue
            if step.bits is not None:
                step.bits.into(reader, out)
                continue
            if step.read is not None:
                value = step.read.of(reader)
            elif step.by is not None:
                value = reads_of(step.by(out).read).of(reader)
            else:
                value = step.call(reader)
            if step.name is None:
                out.update(value)
            elif value is not None:
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


@cython.final
cdef class Chosen(Reads):
    cdef object by

    def __cinit__(self, by):
        self.by = by

    cdef object of(self, Reader reader):
        return reads_of(self.by(reader).read).of(reader)


@cython.final
cdef class Depending(Reads):
    cdef object by

    def __cinit__(self, by):
        self.by = by

    cdef object of(self, Reader reader):
        raise TypeError("what depends on other members is read by their record")


def reads_record(fields):
    """The values of fields one behind the other, by name; those that are ``None`` are left out.

    Each field is ``(name, size, read)``: an unsigned integer of ``size`` octets, at most 8, or with a size of 0 what
    ``read(reader)`` returns; without a name (``None``) that is a record too, whose values are taken over. In place of a
    ``read`` may stand a :func:`reads_depending`.
    """
    return Record(fields)


def reads_bits(size, groups):
    """The groups of bits in ``size`` octets, at most 8, by name: ``(name, shift, mask, names, spare)`` each.

    ``names`` are what stands for numbers; a group that is ``spare`` is left out where it is 0.
    """
    return Bits(size, groups)


def reads_chosen(by):
    """What the ``read`` of the field reads that ``by(reader)`` gives."""
    return Chosen(by)


def reads_depending(by):
    """Of a member of a record: what the ``read`` of the field reads that ``by`` gives for the members in front."""
    return Depending(by)
