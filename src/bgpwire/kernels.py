"""The kernels, for authors of other decoders: octets where they lie, the context as plain arguments.

``data`` is one dimension of unsigned octets: bytes, bytearray, memoryview (sliced or strided), mmap, ``array("B")``,
numpy ``uint8``, ctypes, an object with ``__buffer__``; read-only or not. Octets in one piece are read where they lie
(in pure Python copied once), strided ones copied once. TypeError for what has no buffer, ValueError for other buffers.
While a call runs or a walk is open the buffer cannot be resized; what another thread writes into it meanwhile may give
wrong values, and never an access outside it.

``decode_*`` return what stands before the first fault, and the fault (a :class:`bgpwire.DecodeError` whose ``offset``
counts from the beginning of ``data``) or ``None``. ``walk_*`` are lazy, and give numbers:

    >>> from bgpwire import kernels
    >>> body = memoryview(bytes.fromhex("0002080a 0004 40010100 10c633"))
    >>> withdrawn, attributes, nlri = kernels.split(body)
    >>> kernels.decode_prefixes(withdrawn, 1)
    ([Prefix('10.0.0.0/8')], None)
    >>> [(code, bytes(attributes[start:end])) for flags, code, start, end in kernels.walk_attributes(attributes)]
    [(1, b'\\x00')]
    >>> kernels.decode_prefixes(nlri, 1)
    ([Prefix('198.51.0.0/16')], None)

Both implementations have the same names, arguments, results and errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import (
    decode_as_path,
    decode_communities,
    decode_extended_communities,
    decode_labelled,
    decode_labels,
    decode_large_communities,
    decode_prefixes,
    decode_vpn,
    load,
    split,
)

if TYPE_CHECKING:
    from bgpwire._python.walk import walk_attributes, walk_messages, walk_records
else:
    _walk = load("walk")
    walk_attributes = _walk.walk_attributes
    walk_messages = _walk.walk_messages
    walk_records = _walk.walk_records

__all__ = [
    "decode_as_path",
    "decode_communities",
    "decode_extended_communities",
    "decode_labelled",
    "decode_labels",
    "decode_large_communities",
    "decode_prefixes",
    "decode_vpn",
    "split",
    "walk_attributes",
    "walk_messages",
    "walk_records",
]
