"""The one switch between the compiled kernels and their pure-Python twins: all of them or none.

Here are the kernels of values; those that stand on routes, archives and other packages are in ``kernels.py`` of
:mod:`bgpwire.route`, :mod:`bgpwire.mrt` and :mod:`bgpwire.compat`, which :func:`load` them.

``BGPWIRE_IMPLEMENTATION`` forces ``cython`` or ``python``; an implementation that is forced and missing
is an error. Without it the compiled kernels run where they were built.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

_KERNELS = (
    "as_path",
    "attributes",
    "communities",
    "framing",
    "label",
    "next_hop",
    "prefix",
    "rd",
    "reader",
    "reads",
    "record_reads",
    "slots",
    "sound",
    "text",
    "update",
    "writer",
)


def _choose() -> str:
    wanted = os.environ.get("BGPWIRE_IMPLEMENTATION", "")
    if wanted not in ("", "cython", "python"):
        raise ImportError(f"BGPWIRE_IMPLEMENTATION is 'cython' or 'python', not {wanted!r}")
    if wanted:
        return wanted
    try:
        import_module("bgpwire._cython.reader")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("bgpwire._cython"):
            raise
        return "python"
    return "cython"


IMPLEMENTATION: str = _choose()


def load(kernel: str) -> Any:
    """The module of a kernel of the implementation that runs."""
    return import_module(f"bgpwire._{IMPLEMENTATION}.{kernel}")


if TYPE_CHECKING:
    from bgpwire._python.as_path import AsPath, check_as_path, decode_as_path
    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.communities import (
        Communities,
        Community,
        ExtendedCommunities,
        ExtendedCommunity,
        LargeCommunities,
        LargeCommunity,
        decode_communities,
        decode_extended_communities,
        decode_large_communities,
    )
    from bgpwire._python.framing import check_header, find_marker
    from bgpwire._python.label import LabelledPrefix, LabelStack, decode_labelled, decode_labels, read_labelled
    from bgpwire._python.next_hop import next_hop_address
    from bgpwire._python.prefix import Address, Prefix, decode_prefixes, read_prefixes
    from bgpwire._python.rd import RouteDistinguisher, VpnPrefix, decode_vpn, read_vpn
    from bgpwire._python.reader import Reader, as_bytes, reader_of
    from bgpwire._python.reads import (
        reads_address,
        reads_again,
        reads_counted,
        reads_named,
        reads_number,
        reads_octets,
        reads_optional,
        reads_sized,
        reads_times,
        reads_turned,
        skips,
    )
    from bgpwire._python.record_reads import reads_bits, reads_chosen, reads_depending, reads_record
    from bgpwire._python.slots import filler, maker, starter
    from bgpwire._python.sound import is_sound
    from bgpwire._python.text import address_text, ipv4_text, ipv6_text
    from bgpwire._python.update import section_ends, split
    from bgpwire._python.writer import Writer
else:
    for _kernel in _KERNELS:
        _module = load(_kernel)
        for _name in _module.__all__:
            globals()[_name] = getattr(_module, _name)

__all__ = [
    "IMPLEMENTATION",
    "Address",
    "AsPath",
    "Communities",
    "Community",
    "ExtendedCommunities",
    "ExtendedCommunity",
    "LabelStack",
    "LabelledPrefix",
    "LargeCommunities",
    "LargeCommunity",
    "PathAttributes",
    "Prefix",
    "Reader",
    "RouteDistinguisher",
    "VpnPrefix",
    "Writer",
    "address_text",
    "as_bytes",
    "check_as_path",
    "check_header",
    "decode_as_path",
    "decode_communities",
    "decode_extended_communities",
    "decode_labelled",
    "decode_labels",
    "decode_large_communities",
    "decode_prefixes",
    "decode_vpn",
    "filler",
    "find_marker",
    "ipv4_text",
    "ipv6_text",
    "is_sound",
    "load",
    "maker",
    "next_hop_address",
    "read_labelled",
    "read_prefixes",
    "read_vpn",
    "reader_of",
    "reads_address",
    "reads_again",
    "reads_bits",
    "reads_chosen",
    "reads_counted",
    "reads_depending",
    "reads_named",
    "reads_number",
    "reads_octets",
    "reads_optional",
    "reads_record",
    "reads_sized",
    "reads_times",
    "reads_turned",
    "section_ends",
    "skips",
    "split",
    "starter",
]
