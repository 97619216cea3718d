"""MPLS label stacks and labelled prefixes (RFC 3107, RFC 8277)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.memoryview cimport PyMemoryView_FromObject
from cpython.sequence cimport PySequence_GetSlice
from libc.stdint cimport uint8_t

from bgpwire._cython.cursor cimport Cursor, LabelledForm, LabelledItem, Step, cursor, labelled_form
from bgpwire._cython.cursor cimport next_labelled, offset, stack_size
from bgpwire._cython.door cimport scattered, version
from bgpwire._cython.prefix cimport Prefix, Value, prefix_fault, prefix_of

from bgpwire.value.octets import as_bytes
from bgpwire.value.prefix import check_path_id
from bgpwire.value.label import LabelledPrefixMixin, LabelStackMixin, parse_labels

__all__ = ["LabelStack", "LabelledPrefix", "decode_labelled", "decode_labels", "read_labelled"]

cdef enum:
    MOST = 1 << 20  # octets that are looked at for the bottom of a stack


@cython.final
cdef class LabelStack(Value, LabelStackMixin):
    """Labels, outermost first; every bit is kept, so ``bytes()`` gives the octets as they came."""

    def __cinit__(self):
        self._wire = b""

    def __init__(self, text):
        """From text: ``100`` or ``100/200``."""
        self._wire = parse_labels(text)

    @classmethod
    def from_bytes(cls, data):
        """From 3 octets a label. ValueError for any other length."""
        cdef LabelStack self
        cdef bytes wire = as_bytes(data)
        if len(wire) % 3:
            raise ValueError(f"a label stack of {len(wire)} octets")
        self = LabelStack.__new__(LabelStack)
        self._wire = wire
        return self

    _restore = from_bytes

    def __bytes__(self):
        return self._wire

    def __len__(self):
        """How many labels."""
        return len(self._wire) // 3


@cython.final
cdef class LabelledPrefix(Value, LabelledPrefixMixin):
    """A prefix with the labels bound to it (SAFI 4)."""

    def __init__(self, labels, prefix, path_id=None):
        self.labels = labels if isinstance(labels, LabelStack) else LabelStack(labels)
        self.prefix = prefix.prefix if isinstance(prefix, Prefix) else Prefix(prefix)
        self.path_id = check_path_id(path_id)

    @classmethod
    def _restore(cls, labels, prefix, path_id):
        return cls(labels, prefix, path_id)


cdef tuple labelled_of(
    const uint8_t *octets, Py_ssize_t start, Py_ssize_t end, int afi, LabelledForm form, Py_ssize_t base
):
    """See ``read_labelled``."""
    cdef list out = []
    cdef Cursor cur = cursor(octets, start, end)
    cdef LabelledItem item
    cdef int step
    cdef LabelStack labels
    cdef LabelledPrefix route
    while True:
        step = next_labelled(&cur, &form, &item)
        if step != Step.ITEM:
            break
        labels = LabelStack.__new__(LabelStack)
        labels._wire = PyBytes_FromStringAndSize(<const char *> item.labels, item.size)
        route = LabelledPrefix.__new__(LabelledPrefix)
        route.labels = labels
        route.prefix = prefix_of(item.octets, item.bits, afi)
        if form.add_path:
            route.path_id = item.path_id
        out.append(route)
    return out, None if step == Step.END else prefix_fault(step, item.bits, offset(&cur) + base)


def read_labelled(
    bytes data not None,
    Py_ssize_t start,
    Py_ssize_t end,
    int afi,
    bint add_path,
    bint withdraw=False,
    Py_ssize_t base=0,
    bint multiple=False,
):
    """Read the labelled prefixes of ``data[start:end]``; see ``read_prefixes`` for what comes back.

    ``multiple``: the Multiple Labels capability was negotiated for the family (RFC 8277 section 2.1).
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    cdef LabelledForm form = labelled_form(afi, 0, add_path, withdraw, multiple)
    return labelled_of(<const uint8_t *> PyBytes_AS_STRING(data), start, end, afi, form, base)


def decode_labelled(
    const unsigned char[:] data not None,
    object afi,
    *,
    bint add_path=False,
    bint withdraw=False,
    bint multiple_labels=False,
):
    """Labelled prefixes one behind the other (RFC 8277 section 2), with path identifiers where ``add_path``. ``afi`` is
    1 for IPv4, 2 for IPv6.

    ``withdraw``: they are withdrawn, and what stands for the labels is to be ignored (section 2.4);
    ``multiple_labels``: the session negotiated that capability for the family (section 2.1), so a stack ends at its
    bottom-of-stack bit. Returns the :class:`bgpwire.LabelledPrefix` objects before the first fault, and the fault or
    ``None``.
    """
    cdef int family = version(afi)
    cdef LabelledForm form = labelled_form(family, 0, add_path, withdraw, multiple_labels)
    if not data.shape[0]:
        return [], None
    if scattered(data):
        data = bytes(data)
    return labelled_of(&data[0], 0, data.shape[0], family, form, 0)


def decode_labels(object data, *, bint withdraw=False):
    """A label stack alone, and what follows it: 3 octets a label, up to the one whose bottom-of-stack bit is set (RFC
    8277 section 2). With ``withdraw``, 0x800000 or 0x000000 in front is a whole stack (section 2.4).

    Returns the :class:`bgpwire.LabelStack`, a memoryview of the octets behind it, and the fault or ``None``: no label
    is the bottom of the stack; then the stack is all whole labels that are there.
    """
    cdef object view = PyMemoryView_FromObject(data)
    cdef const unsigned char[:] octets = view
    cdef Py_ssize_t room = octets.shape[0]
    cdef Py_ssize_t size = -1
    cdef LabelStack labels = LabelStack.__new__(LabelStack)
    cdef object fault = None
    if scattered(octets):
        octets = bytes(octets)
    if room:
        size = stack_size(&octets[0], <int> min(room, <Py_ssize_t> MOST) * 8, -1, withdraw, True)
    if size < 0:
        size = room - room % 3
        fault = prefix_fault(Step.NO_BOTTOM, 0, size)
    if size:
        labels._wire = PyBytes_FromStringAndSize(<const char *> &octets[0], size)
    return labels, PySequence_GetSlice(view, size, room), fault
