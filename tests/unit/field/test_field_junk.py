"""Declared fields and forms that are none: ValueError, and never another exception."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_fields import every_field

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


@pytest.mark.parametrize("seed", range(4))
def test_forms(impl: Any, seed: int) -> None:
    fields = every_field(impl)[seed::4]

    @given(form=FORMS)
    def check(form: Any) -> None:
        for field in fields:
            with suppress(ValueError, NotImplementedError):
                field.encode_json(form)

    check()


def test_every_field_writes(impl: Any) -> None:
    """All but the FEC of mLDP have a way back."""
    left = 0
    for field in every_field(impl):
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            try:
                field.encode({})
            except NotImplementedError:
                left += 1
    assert left <= 2
