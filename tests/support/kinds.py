"""How each kind of vector is decoded: first directly, then through every other entry point that can take it.

A *view* is a function of (package, vector) that returns a :class:`Result` or raises DecodeError; all views of a
vector must come to the same result. A new kind is one entry of :data:`KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from support.kinds_attribute import attribute_views, decode_attribute
from support.kinds_bmp import bmp_views, decode_bmp, decode_openbmp, openbmp_views
from support.kinds_message import BODIES, body_views, decode_body, decode_message, message_views
from support.kinds_mrt import decode_mrt, mrt_views
from support.kinds_nlri import decode_nlri, nlri_views
from support.kinds_value import (
    capability_views,
    community_views,
    decode_capability,
    decode_community,
    decode_ipv6_extended_community,
    decode_value,
)
from support.result import Result, no_views

type Decode = Callable[[Any, Any], Result]
type Views = Callable[[Any, Any], Iterator[tuple[str, Any]]]

KINDS: dict[str, tuple[Decode, Views]] = {
    "message": (decode_message, message_views),
    "attribute": (decode_attribute, attribute_views),
    "as_path": (decode_attribute, attribute_views),
    "nlri": (decode_nlri, nlri_views),
    "capability": (decode_capability, capability_views),
    "community": (decode_community, community_views),
    "extended_community": (decode_community, community_views),
    "large_community": (decode_community, community_views),
    "ipv6_extended_community": (decode_ipv6_extended_community, no_views),
    "route_distinguisher": (decode_value("RouteDistinguisher"), no_views),
    "address": (decode_value("Address"), no_views),
    "mrt": (decode_mrt, mrt_views),
    "bmp": (decode_bmp, bmp_views),
    "openbmp": (decode_openbmp, openbmp_views),
    **{kind: (decode_body(code), body_views) for kind, code in BODIES.items()},
}
