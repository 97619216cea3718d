"""Declared fields and forms that are none: ValueError, and never another exception."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.sampled_from(
    ["type", "name", "value", "raw", "error", "flags", "sid", "label", "index", "afi", "address", "rd", "metric",
     "segment_type", "attributes", "head", "class", "object_origin", "objects", "protocol_id", "range", "sub_tlvs"]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 70000), st.floats(allow_nan=False), st.text(max_size=4),
    st.sampled_from(["00", "0001", "10.0.0.1", "10.0.0.0/8", "::1", "65000:1", "rsvp_te", "pcep", "A", "ipv4"]),
)  # fmt: skip
FORMS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=6,
)


def _fields(package: Any) -> list[Any]:
    """Every field that a table or a registry has."""
    from bgpwire.attribute import aggregator
    from bgpwire.attribute.pmsi_tunnel_tables import TUNNELS
    from bgpwire.attribute.prefix_sid import PREFIX_SID_TLVS
    from bgpwire.attribute.tunnel_encapsulation import SubTlvs
    from bgpwire.attribute.tunnel_encapsulation_tables import TUNNEL_TYPES, sub_tlv_table
    from bgpwire.bgp_ls.descriptors import DESCRIPTORS
    from bgpwire.bgp_ls.table import ATTRIBUTE_FIELDS
    from bgpwire.field import Field
    from bgpwire.message.orf_entry import entries_of
    from bgpwire.nlri.flowspec_component import TABLES
    from bgpwire.nlri.flowspec_components import Components
    from bgpwire.registry import ATTRIBUTES, CAPABILITIES, EXTENDED_COMMUNITIES

    tables = [*ATTRIBUTE_FIELDS.values(), *DESCRIPTORS.values(), TUNNELS, package.field.tlvs(PREFIX_SID_TLVS, 1)]
    tables += [SubTlvs(sub_tlv_table(tunnel)) for tunnel in TUNNEL_TYPES]
    rows = [field for table in tables for _, field in table.table.values()]
    rows += [kind.field for code, kind in EXTENDED_COMMUNITIES.items() if code >> 8 not in (4, 5, 0x44, 0x45)]
    rows += [cls.field for cls in CAPABILITIES.values() if hasattr(cls, "field")]
    rows += [
        entry.owner.field for entry in ATTRIBUTES.values() if isinstance(getattr(entry.owner, "field", None), Field)
    ]
    filters = [entries_of(kind, afi) or () for kind in (1, 2, 3, 9, 64, 65) for afi in range(4)]
    rows += [field for fields in filters for field in fields if field is not None]
    rows += [aggregator.FIELDS[True], aggregator.FIELDS[False], *map(Components, TABLES.values())]
    return [*tables, *{id(row): row for row in rows}.values()]


@pytest.mark.parametrize("seed", range(4))
def test_forms(impl: Any, seed: int) -> None:
    fields = _fields(impl)[seed::4]

    @given(form=FORMS)
    def check(form: Any) -> None:
        for field in fields:
            with suppress(ValueError, NotImplementedError):
                field.encode_json(form)

    check()


def test_every_field_writes(impl: Any) -> None:
    """All but the FEC of mLDP have a way back."""
    left = 0
    for field in _fields(impl):
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            try:
                field.encode({})
            except NotImplementedError:
                left += 1
    assert left <= 2
