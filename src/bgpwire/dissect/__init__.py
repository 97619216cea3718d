"""Every octet of a message by name: where each field stands, how long it is, and what it says.

The tree follows the message: header, body, attributes, routes, down to the fields of each. It is made by a walk over
the declarations that decode them, so the names and values are those of ``json()``; the heads of messages, which the
kernels decode, are walked by the files of this package. One leaf of the AS_PATH of an UPDATE, and the
names around it:

    >>> from bgpwire.dissect import dissect
    >>> octets = "ffffffffffffffffffffffffffffffff 002f 02 0000 0018 40010100 40020602010000fbf4 c010080002fbf400000064"
    >>> message = dissect(bytes.fromhex(octets))
    >>> [child.name for child in message.children]
    ['marker', 'length', 'type', 'withdrawn_routes_length', 'attributes_length', 'attributes']
    >>> [child.name for child in message.children[-1].children]
    ['origin', 'as_path', 'extended_communities']
    >>> [(leaf.offset, leaf.length, leaf.name, leaf.value) for leaf in message.leaves()][13:16]
    [(31, 1, 'count', 1), (32, 4, '0', 64500), (36, 1, 'flags', ['optional', 'transitive'])]

Octets that cannot be read are a leaf that says why; what has no octets left is said by the span around it:

    >>> torn = dissect(bytes.fromhex(octets)[:-3])
    >>> [(leaf.offset, leaf.length, leaf.name, leaf.error) for leaf in torn.leaves()][-1]
    (41, 3, 'malformed', '8 octets needed, 5 left')
    >>> torn.error
    'message of 47 octets, 44 there'

A field that is declared can be walked alone:

    >>> from bgpwire import Reader, field
    >>> color = field.record(flags=field.flags("transitive"), color=field.u16)
    >>> [(span.name, span.offset, span.value) for span in color.spans(Reader(bytes.fromhex("80 0064")))]
    [('flags', 0, ['transitive']), ('color', 1, 100)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import Reader, as_bytes
from bgpwire.dissect.message import walk_message
from bgpwire.field import Span, Walk
from bgpwire.message import Message
from bgpwire.session import DEFAULT_SESSION, Session

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["Span", "dissect"]


def dissect(message: Message | Buffer, session: Session = DEFAULT_SESSION) -> Span:
    """The tree of a message, header included; a :class:`bgpwire.Message` brings its own session.

    Raises nothing, whatever the octets: what cannot be read is a leaf ``malformed``.
    """
    if isinstance(message, Message):
        data, session = message.data, message.session
    else:
        data = as_bytes(message)
    name = Message.of(data, session).name if len(data) > 18 else "message"
    walk = Walk(Reader(data))
    walk.whole(lambda walk: walk_message(walk, session))
    return Span(name, 0, len(data), None, walk.spans, walk.error)
