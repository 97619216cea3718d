"""Labels of NLRI: stacks of them, and the 3 octets that may be a VNI instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import LabelStack
from bgpwire.errors import INVALID_NETWORK, Action, DecodeError, UpdateMessageError
from bgpwire.field import repeat, turned, u24
from bgpwire.field.base import integer_of, items_of, members_of
from bgpwire.field.label import Labels
from bgpwire.field.number import number_schema
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire._impl import PathAttributes, Reader
    from bgpwire.nlri.base import NlriContext

LABELS: Final = repeat(u24)
"""Labels with their other bits (RFC 8277 section 2.2), until the octets end."""
VNI_TUNNELS: Final = {8: "vxlan", 9: "nvgre", 12: "vxlan_gpe", 19: "geneve"}
"""IANA "BGP Tunnel Encapsulation Attribute Tunnel Types" whose data plane carries a network identifier of 24 bits."""


def label_stack(reader: Reader, single: bool = False) -> LabelStack:
    """Labels of 3 octets until the bottom-of-stack bit (RFC 8277 section 2.3).

    With ``single`` it is one label, whatever its bit (section 2.2).
    """
    begin = reader.offset
    while not reader.u24() & 1 and not single:
        pass
    return LabelStack.from_bytes(reader.since(begin))


def stack_of_json(form: Any) -> LabelStack:
    """The stack whose ``json()`` is ``form``; its last label is the bottom of it. ValueError for other forms."""
    return LabelStack("/".join(str(integer_of(label)) for label in items_of(form)))


stack: Final = Labels(
    LABELS,
    lambda entries: LabelStack.from_bytes(LABELS.encode(entries)),
    lambda labels: LABELS.decode(bytes(labels)),
    stack_of_json,
    {"type": "array", "items": number_schema(20)},
)
"""All that is left, a label stack."""


def stack_faults(routes: Iterable[Any], context: NlriContext, offset: int) -> list[DecodeError]:
    """The faults of labelled ``routes`` that stand one behind the other from ``offset`` on: how many labels a route may
    have is said by RFC 8277 sections 2.1, 2.2 and 2.4.

    Without the Multiple Labels capability, and in a withdrawal, a stack of several labels is no valid NLRI. It was
    read as one because a single label would leave a prefix longer than an address; the route is kept. With the
    capability, a route of more labels than its receiver can process is to be withdrawn.
    """
    out: list[DecodeError] = []
    family = context.afi, context.safi
    several = family in context.session.multiple_labels and not context.withdraw
    most = 1
    if several:
        most = min((count for *limited, count in context.session.label_limits if (*limited,) == family), default=255)
    for route in routes:
        count = len(route.labels)
        if count > most:
            if several:
                reason, action = f"{count} labels, {most} at most", Action.TREAT_AS_WITHDRAW
            else:
                reason, action = f"{count} labels in place of one", Action.KEEP
            out.append(UpdateMessageError(reason, offset, None, INVALID_NETWORK, action))
        offset += len(bytes(route))
    return out


def vni_encapsulation(attributes: PathAttributes) -> str | None:
    """The first tunnel type of an Encapsulation extended community (0x030c, RFC 9012 section 4.1) that makes labels
    VNIs (RFC 8365 section 5.1.3), by name; ``None`` without one."""
    for community in attributes.extended_communities or ():
        octets = bytes(community)
        name = VNI_TUNNELS.get(int.from_bytes(octets[6:8]))
        if octets[:2] == b"\x03\x0c" and name is not None:
            return name
    return None


@dataclass(frozen=True, slots=True, order=True)
class EvpnLabel(Frozen):
    """24 bits of an EVPN route (RFC 7432 section 7), of which the route alone does not say what they are: ``label`` and
    ``vni`` are the two readings."""

    raw: int

    @property
    def label(self) -> int:
        """The high 20 bits: an MPLS label."""
        return self.raw >> 4

    @property
    def vni(self) -> int:
        """All 24 bits: a VXLAN, NVGRE or Geneve network identifier."""
        return self.raw

    def reading(self, attributes: Any) -> tuple[int, str]:
        """The number that counts under ``attributes`` and why, as in ``(100, "encapsulation vxlan")``.

        The Encapsulation extended community decides; without it the label is MPLS (RFC 8365 section 5.1.3).
        """
        name = vni_encapsulation(attributes)
        if name is not None:
            return self.vni, f"encapsulation {name}"
        return self.label, "mpls: no encapsulation community says otherwise"

    def __bytes__(self) -> bytes:
        return self.raw.to_bytes(3)

    def __str__(self) -> str:
        return str(self.label)

    def json(self) -> dict[str, Any]:
        return {"label": self.label, "vni": self.vni, "raw": bytes(self).hex()}


_SCHEMA = {
    "type": "object",
    "properties": {"label": number_schema(20), "vni": number_schema(24), "raw": {"type": "string"}},
    "required": ["raw"],
}


def _evpn_label_of(form: Any) -> EvpnLabel:
    """Of ``raw``, without it of ``vni``, and without that of ``label``, so that people write the one they mean."""
    found = members_of(form)
    if "raw" in found:
        return EvpnLabel(int(found["raw"], 16))
    return EvpnLabel(integer_of(found["vni"]) if "vni" in found else integer_of(found["label"]) << 4)


evpn_label: Final = turned(u24, EvpnLabel, lambda label: label.raw, _evpn_label_of, schema=_SCHEMA, exact=True)
