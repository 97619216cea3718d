"""Route distinguishers and the VPN routes that carry them (RFC 4364, RFC 4659)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport Cursor, LabelledForm, LabelledItem, Step, cursor, labelled_form
from bgpwire._cython.cursor cimport next_labelled, offset
from bgpwire._cython.label cimport LabelStack
from bgpwire._cython.door cimport scattered, version
from bgpwire._cython.prefix cimport Prefix, Value, prefix_fault, prefix_of

from bgpwire.value.octets import as_bytes
from bgpwire.value.prefix import check_path_id
from bgpwire.value.rd import RouteDistinguisherMixin, VpnPrefixMixin, parse_rd

__all__ = ["RouteDistinguisher", "VpnPrefix", "decode_vpn", "read_vpn"]


@cython.final
cdef class RouteDistinguisher(Value, RouteDistinguisherMixin):
    """8 octets: a type of 2, then administrator and assigned number (RFC 4364 section 4.2)."""

    def __init__(self, text):
        """From text: ``65000:100``, ``192.0.2.1:100``, ``4200000000:100``. ValueError otherwise."""
        cdef bytes wire = parse_rd(text)
        memcpy(self._octets, PyBytes_AS_STRING(wire), 8)

    @classmethod
    def from_bytes(cls, data):
        """From 8 octets. ValueError for any other number."""
        cdef RouteDistinguisher self
        cdef bytes wire = as_bytes(data)
        if len(wire) != 8:
            raise ValueError(f"a route distinguisher has 8 octets, not {len(wire)}")
        self = RouteDistinguisher.__new__(RouteDistinguisher)
        memcpy(self._octets, PyBytes_AS_STRING(wire), 8)
        return self

    _restore = from_bytes

    def __bytes__(self):
        return PyBytes_FromStringAndSize(<const char *> self._octets, 8)


@cython.final
cdef class VpnPrefix(Value, VpnPrefixMixin):
    """A VPN-IPv4 or VPN-IPv6 route: labels, route distinguisher and prefix (SAFI 128)."""

    def __init__(self, labels, rd, prefix, path_id=None):
        self.labels = labels if isinstance(labels, LabelStack) else LabelStack(labels)
        self.rd = rd if isinstance(rd, RouteDistinguisher) else RouteDistinguisher(rd)
        self.prefix = prefix.prefix if isinstance(prefix, Prefix) else Prefix(prefix)
        self.path_id = check_path_id(path_id)

    @classmethod
    def _restore(cls, labels, rd, prefix, path_id):
        return cls(labels, rd, prefix, path_id)


cdef tuple vpn_of(
    const uint8_t *octets, Py_ssize_t start, Py_ssize_t end, int afi, LabelledForm form, Py_ssize_t base
):
    """See ``read_vpn``."""
    cdef list out = []
    cdef Cursor cur = cursor(octets, start, end)
    cdef LabelledItem item
    cdef int step
    cdef LabelStack labels
    cdef RouteDistinguisher rd
    cdef VpnPrefix route
    while True:
        step = next_labelled(&cur, &form, &item)
        if step != Step.ITEM:
            break
        labels = LabelStack.__new__(LabelStack)
        labels._wire = PyBytes_FromStringAndSize(<const char *> item.labels, item.size)
        rd = RouteDistinguisher.__new__(RouteDistinguisher)
        memcpy(rd._octets, item.octets, 8)
        route = VpnPrefix.__new__(VpnPrefix)
        route.labels = labels
        route.rd = rd
        route.prefix = prefix_of(item.octets + 8, item.bits, afi)
        if form.add_path:
            route.path_id = item.path_id
        out.append(route)
    return out, None if step == Step.END else prefix_fault(step, item.bits, offset(&cur) + base)


def read_vpn(
    bytes data not None,
    Py_ssize_t start,
    Py_ssize_t end,
    int afi,
    bint add_path,
    bint withdraw=False,
    Py_ssize_t base=0,
    bint multiple=False,
):
    """Read the VPN routes of ``data[start:end]``; see ``read_labelled`` for arguments and what comes back."""
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    cdef LabelledForm form = labelled_form(afi, 64, add_path, withdraw, multiple)
    return vpn_of(<const uint8_t *> PyBytes_AS_STRING(data), start, end, afi, form, base)


def decode_vpn(
    const unsigned char[:] data not None,
    object afi,
    *,
    bint add_path=False,
    bint withdraw=False,
    bint multiple_labels=False,
):
    """VPN routes one behind the other (RFC 4364, RFC 4659): labels, route distinguisher, prefix; arguments as for
    :func:`decode_labelled`.

    Returns the :class:`bgpwire.VpnPrefix` objects before the first fault, and the fault or ``None``.
    """
    cdef int family = version(afi)
    cdef LabelledForm form = labelled_form(family, 64, add_path, withdraw, multiple_labels)
    if not data.shape[0]:
        return [], None
    if scattered(data):
        data = bytes(data)
    return vpn_of(&data[0], 0, data.shape[0], family, form, 0)
