"""The attributes that the kernels decode themselves, and the names of those that nobody decodes."""

from __future__ import annotations

from bgpwire.errors import Action
from bgpwire.registry import ATTRIBUTES, AttributeEntry

# IANA "BGP Path Attributes". Flags: 0x40 well-known (transitive), 0x80 optional non-transitive, 0xc0 optional
# transitive. The action is what RFC 7606 section 7 asks for a malformed value.
_WITHDRAW = Action.TREAT_AS_WITHDRAW
_KERNEL = (
    (1, "origin", 0x40, _WITHDRAW),
    (2, "as_path", 0x40, _WITHDRAW),
    (3, "next_hop", 0x40, _WITHDRAW),
    (4, "multi_exit_disc", 0x80, _WITHDRAW),
    (5, "local_pref", 0x40, _WITHDRAW),
    (8, "communities", 0xC0, _WITHDRAW),
    (16, "extended_communities", 0xC0, _WITHDRAW),
    (17, "as4_path", 0xC0, Action.ATTRIBUTE_DISCARD),
    (32, "large_community", 0xC0, _WITHDRAW),
)
_NAMES = (
    (28, "entropy_label_capability"),  # RFC 6790, withdrawn by RFC 7447
    (30, "deprecated_30"),
    (31, "deprecated_31"),
    (42, "edge_metadata"),  # draft-ietf-idr-5g-edge-service-metadata
    (99, "deprecated_99"),
    (129, "deprecated_129"),
    (241, "deprecated_241"),
    (242, "deprecated_242"),
    (243, "deprecated_243"),
    (255, "reserved_for_development"),
)

for _code, _name, _flags, _action in _KERNEL:
    ATTRIBUTES[_code] = AttributeEntry(_code, _name, _flags, _action, None)
for _code, _name in _NAMES:
    ATTRIBUTES.setdefault(_code, AttributeEntry(_code, _name, None, Action.ATTRIBUTE_DISCARD, None))
