"""Extended communities as text, both ways: what ``str()`` gives is read, in the forms of daemons too, or refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

UNSAID = ("raw", "reserved", "reserved_bits")
"""Members of a JSON form that no text has."""
OCTETS = st.one_of(
    st.binary(min_size=6, max_size=6),
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 4, 8, 16, 100, 128, 255]), min_size=6, max_size=6).map(bytes),
)


def _told(package: Any, found: Any) -> Any:
    """The community without what its text does not tell: reserved bits, flags of a color, bits beside a label."""
    from bgpwire.extended_community.base import wire_of

    hidden = (*UNSAID, "flags") if found.name in ("color", "esi_label") else UNSAID
    form = {name: value for name, value in found.json().items() if name not in hidden}
    if found.name == "esi_label":
        form["vni"] = form["label"] << 4
    return package.ExtendedCommunity.from_bytes(wire_of(form))


def test_what_str_gives_is_read(impl: Any) -> None:
    """The same community, or one that is refused for being several, of which it is one."""
    table = impl.registry.EXTENDED_COMMUNITIES
    # Of the 256 sub-types of quality of service a few are enough.
    codes = [code for code in table if code >> 8 not in (4, 5, 0x44, 0x45) or code & 0xFF in (0, 1, 255)]
    met = set()

    @given(code=st.sampled_from(codes), octets=OCTETS)
    def run(code: int, octets: bytes) -> None:
        came = impl.ExtendedCommunity.from_bytes(code.to_bytes(2) + octets)
        told = _told(impl, came)
        assert str(told) == str(came) or "reserved" in came.json()
        try:
            read = impl.ExtendedCommunity(str(told))
        except ValueError as error:
            assert f"0x{bytes(told).hex()}" in str(error)  # noqa: PT017
            assert str(error).count("0x") > 1  # noqa: PT017
            for wire in re.findall(r"0x[0-9a-f]{16}", str(error)):
                assert str(impl.ExtendedCommunity.from_bytes(bytes.fromhex(wire[2:]))) == str(told)
            met.add("several")
            return
        assert str(read) == str(told)
        if table[code].wide and read != told:  # RFC 5668 section 2: a small AS number has its 2 octets
            assert told.json()["asn"] <= 0xFFFF
            head, _, number = str(told).rpartition(":")
            read = impl.ExtendedCommunity(f"{head}L:{number}")
            met.add("wide")
        assert read == told
        met.add("one")

    run()
    assert met >= {"one", "several"}


@given(wire=st.binary(min_size=8, max_size=8))
def _any_octets(package: Any, wire: bytes) -> None:
    assert bytes(package.ExtendedCommunity(f"0x{wire.hex()}")) == wire


def test_octets_are_read(impl: Any) -> None:
    """What has no name is written so."""
    _any_octets(impl)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("rt:65000:100", "0002fde800000064"),
        ("RT:65000:100", "0002fde800000064"),
        ("target:65000L:100", "02020000fde80064"),
        ("rt:65000L:100", "02020000fde80064"),
        ("origin:192.0.2.1:5", "0103c00002010005"),
        ("(rt, 65000, 100)", "0002fde800000064"),
        ("(ro,192.0.2.1,5)", "0103c00002010005"),
        ("(generic, 0x43000000, 0x1)", "4300000000000001"),
        ("(generic, 1124073472, 1)", "4300000000000001"),
        ("encap:vxlan", "030c000000000008"),
        ("encap:99", "030c000000000063"),
        ("color:1:100", "030b400000000064"),
        ("default-gateway", "030d000000000000"),
        ("ovs:not-found", "4300000000000001"),
        ("source-as:65000:0", "0009fde800000000"),
        ("source-as:4200000000:0", "0209fa56ea000000"),
        ("source-as:65000L:0", "02090000fde80000"),
        ("router-mac:00:53:00:00:00:01", "0603005300000001"),
        ("mac-mobility:7:sticky", "0600010000000007"),
        ("mac-mobility:7", "0600000000000007"),
        ("esi-label:100:single-active", "0601010000000640"),
        ("esi-label:100:all-active:local-bias", "0601400000000640"),
        ("e-tree:root:0", "0605000000000000"),
        ("e-tree:leaf:100", "0605010000000640"),
        ("df-election:highest-preference:100:dont-preempt,ac-df", "060602c000000064"),
        ("l2-attributes:-:1500", "0604000005dc0000"),
        ("l2-attributes:c,p:1500", "0604000605dc0000"),
        ("layer2-info:vpls:-:1500:0", "800a130005dc0000"),
        ("rate-bytes:0:0", "8006000000000000"),
        ("redirect:65000:100", "8008fde800000064"),
        ("redirect-to-ip:192.0.2.1:copy", "010cc00002010001"),
        ("transport-target:0:100", None),
        ("bandwidth:65000:1e+06", None),
    ],
)
def test_texts(impl: Any, text: str, wire: str | None) -> None:
    if wire is None:
        with pytest.raises(ValueError, match=r"stands for several .*: write it as 0x[0-9a-f]{16} or 0x[0-9a-f]{16}$"):
            impl.ExtendedCommunity(text)
    else:
        assert bytes(impl.ExtendedCommunity(text)).hex() == wire


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", "rt", "rt:", "rt:1", "rt:x:1", "rt:1:x", "rt:1:-1", "rt:65536:65536", "rt:4294967296:1"),
        *("rt:192.0.2.1L:1", "rt:300.0.0.1:1", "rt::1", "rt:2001:db8::1:1", "0x00", "nothing:1:2", "(rt, 1)"),
        *("(generic, 1, 4294967296)", "(generic, x, 1)", "encap", "encap:", "encap:nothing", "encap:65536"),
        *("encap:vxlan:1", "color:4:1", "color:1", "default-gateway:1:2", "router-mac:1", "mac-mobility:7:sticky:9"),
        *("mac-mobility:7:stuck", "e-tree::1", "ovs:-1", "rate-bytes:0:x", "source-as:192.0.2.1L:0", "color:0L:1"),
        *("transport-target:1:100", "l2-attributes:c:x", "evi-rt", "sort-order:4294967296", "ospf-route-type:x:1:-"),
    ],
)
def test_what_is_none(impl: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r"no extended community|too large for 8 octets|Octet|Expected 4"):
        impl.ExtendedCommunity(text)


def test_announced(impl: Any) -> None:
    """In a list, and in one text with blanks between."""
    texts = ["rt:64500:1", "encap:vxlan", "(rt,64500,2)", "router-mac:00:53:00:00:00:01"]
    for given_ in (texts, " ".join(texts)):
        update = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", extended_communities=given_)
        (message,) = update.messages()
        found = message.attributes.extended_communities
        assert list(map(str, found)) == ["rt:64500:1", "encap:vxlan", "rt:64500:2", "router-mac:00:53:00:00:00:01"]
        assert message.attributes.replace(extended_communities=given_).extended_communities == found
