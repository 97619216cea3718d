"""ExaBGP with the hooks of ``bgpwire.compat.exabgp``: whichever supported ExaBGP ``import exabgp`` finds.

For its main line, put the ``src`` of a checkout on PYTHONPATH.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("exabgp", reason="ExaBGP is not installed")

BASIC = "4001010040020e02030000fde90000fdea00000d1c4003040a000001"
HOP6 = "20010db8000000000000000000000001"
ALIKE = {
    "announced": "0000001c" + BASIC + "180a0000100a0100",
    "withdrawn": "0008180a0000180a00010000",
    "two labels, IPv6": "0000003f" + BASIC + "800e20000204" + "10" + HOP6 + "0050000640000c8120010db8",
    "labelled withdrawal": "0000000d800f0a00010430800000" + "0a0000",
    "VPN": "0000003a" + BASIC + "800e1b000180" + "0c" + "00" * 8 + "0a000001" + "00",
    "prefix too long": "0000001c" + BASIC + "210a00000001",
    "cut off": "0000001c" + BASIC + "180a00",
    "lengths do not fit": "00000040" + BASIC,
    "too short": "000000",
    "unknown attribute": "00000022" + BASIC + "c06303010203" + "080a",
    "MED of 3 octets": "00000022" + BASIC + "800403010203" + "080a",
    "AS_PATH that runs over": "00000014" + "40010100" + "400206020201000100" + "4003040a000001" + "080a",
}
"""The same with the hooks and without, on every line."""

PURPOSE = {
    "attribute that runs over": (
        True,
        "00000023" + BASIC + "c0080c0d1c0001" + "180a0000",
        [1, 2, 3, 65535],
        "( 65001 65002 3356 )",
    ),
    "unused flags": (True, "0000001c41" + BASIC[2:] + "180a0000", [1, 2, 3], "( 65001 65002 3356 )"),
    "reserved octet": (
        True,
        "0000003b" + BASIC + "800e1c00020110" + HOP6 + "01" + "3020010db80000",
        [1, 2, 3],
        "( 65001 65002 3356 )",
    ),
    "AS4_PATH": (
        False,
        "00000023400101004002080203fde95ba05ba04003040a000001c0110a02020003000a00011170180a0000",
        [1, 2, 3],
        "( 65001 196618 70000 )",
    ),
    "AGGREGATOR that is not AS_TRANS": (
        False,
        "00000031400101004002060202fde95ba04003040a000001c00706fde90a000001"
        "c01106020100011170c01208000111700a000001180a0000",
        [1, 2, 3, 7],
        "( 65001 23456 )",
    ),
    "COMMUNITIES of 5 octets": (
        True,
        "00000024" + BASIC + "c008050d1c000101" + "180a0000",
        [1, 2, 3, 65535],
        "( 65001 65002 3356 )",
    ),
    "1,100 attributes": (True, "00000d00" + BASIC + "80c800" * 1100 + "180a0000", [1, 2, 3], "( 65001 65002 3356 )"),
}
"""As 5.0.15 has it on every line, with the hooks: see docs/exabgp.md."""


class Paths:
    """ADD-PATH, for no family."""

    def receive(self, afi: Any, safi: Any) -> bool:
        return False

    send = receive


class Negotiated:
    """What the decoders ask of a session."""

    def __init__(self, families: list[Any], direction: Any, asn4: bool = True) -> None:
        self.families = families
        self.direction = direction
        self.asn4 = asn4
        self.aigp = True
        self.nexthop: list[Any] = []
        self.neighbor = None
        self.addpath = Paths()
        self.cached_attributes = None
        self.cached_wire = b""

    def required(self, afi: Any, safi: Any) -> bool:
        return False


class Exa:
    """One ExaBGP beside one implementation of bgpwire."""

    def __init__(self, hooks: Any) -> None:
        self.hooks = hooks
        environment = import_module("exabgp.environment")
        import_module("exabgp.logger").log.init(environment.getenv())
        self.update = import_module("exabgp.bgp.message.update").Update
        self.direction = import_module("exabgp.bgp.message.direction").Direction.IN
        family = import_module("exabgp.protocol.family")
        self.released = hooks.exabgp_version().startswith("5.")
        afi, safi = (getattr(kind, "create" if self.released else "from_int") for kind in (family.AFI, family.SAFI))
        self.families = [(afi(a), safi(s)) for a in (1, 2) for s in (1, 2, 4, 128)]

    def session(self, asn4: bool = True) -> Negotiated:
        return Negotiated(self.families, self.direction, asn4)

    def decode(self, body: str, session: Negotiated) -> tuple[Any, list[Any]]:
        octets = bytes.fromhex(body)
        if self.released:
            update = self.update.unpack_message(octets, self.direction, session)
            return update.attributes, update.nlris
        update = self.update.unpack_message(octets, session).data
        return update.attributes, [route.nlri for route in update.announces] + update.withdraws

    def tell(self, body: str) -> Any:
        """All that can be told of what comes of ``body``."""
        try:
            attributes, nlris = self.decode(body, self.session())
        except Exception as error:
            return type(error), [getattr(error, name, None) for name in ("code", "subcode", "data")]
        told = [(int(code), type(value), str(value)) for code, value in attributes.items()]
        routes = [(type(n), repr(n), n.json(), n.index(), hash(n)) for n in nlris]
        again = [(repr(n), n.json(), n.index()) for n in pickle.loads(pickle.dumps(nlris))]
        return told, attributes.json(), routes, again


@pytest.fixture
def exa(impl: Any) -> Iterator[Exa]:
    hooks = import_module("bgpwire.compat.exabgp")
    try:
        hooks.install()
    except hooks.ExaBGPError as error:
        pytest.skip(str(error))
    hooks.uninstall()
    hooks.clear()
    yield Exa(hooks)
    hooks.uninstall()


@pytest.mark.parametrize("body", ALIKE.values(), ids=ALIKE)
def test_same_with_hooks_and_without(exa: Exa, body: str) -> None:
    before = exa.tell(body)
    with exa.hooks.decoding():
        assert exa.tell(body) == before
    assert exa.tell(body) == before


@pytest.mark.parametrize(("asn4", "body", "codes", "path"), PURPOSE.values(), ids=PURPOSE)
def test_right_on_every_line(exa: Exa, asn4: bool, body: str, codes: list[int], path: str) -> None:
    with exa.hooks.decoding():
        attributes, nlris = exa.decode(body, exa.session(asn4))
    assert sorted(map(int, attributes)) == codes
    assert str(attributes[2]) == path
    assert len(nlris) == 1


def test_routes_are_not_lost_to_the_flags_of_their_attribute(exa: Exa) -> None:
    with exa.hooks.decoding():
        kind, (code, subcode, _) = exa.tell("0000000dc00f0a0002013020010db80000")
    assert (kind.__name__, code, subcode) == ("Notify", 3, 9)


def test_attributes_are_of_their_session(exa: Exa) -> None:
    body = "00000014" + "40010100" + "400206020100010002" + "4003040a000001" + "180a0000"
    with exa.hooks.decoding():
        four = exa.decode(body, exa.session(asn4=True))[0]
        two = exa.decode(body, exa.session(asn4=False))[0]
    assert str(four[2]) == "( 65538 )"
    assert 2 not in two
    assert 65535 in two


def test_report_tells_both_ways(exa: Exa) -> None:
    with exa.hooks.decoding():
        exa.decode(ALIKE["announced"], exa.session())
        exa.tell(ALIKE["prefix too long"])
        exa.decode(ALIKE["unknown attribute"], exa.session())
    report = exa.hooks.report()
    assert report["messages"] == {"fast": 2, "handed_back": 0, "refused": 1}
    assert report["prefixes"]["fast"] == 4
    assert report["attributes"]["handed_back"] == 1
    assert report["why"] == {"attribute: unknown": 1, "message: an announced route is not well formed": 1}


def test_everything_is_set_back(exa: Exa) -> None:
    exa.hooks.install()
    line = exa.hooks._line
    replaced = [(owner, name) for owner, name, _, _ in line._set]
    with_hooks = [owner.__dict__[name] for owner, name in replaced]
    exa.hooks.install()
    assert [owner.__dict__[name] for owner, name in replaced] == with_hooks
    exa.hooks.uninstall()
    assert not exa.hooks.installed()
    assert all(owner.__dict__[name] is not hook for (owner, name), hook in zip(replaced, with_hooks, strict=True))


def test_shares_next_hops(exa: Exa) -> None:
    octets = bytes.fromhex(ALIKE["announced"])
    if exa.released:
        pytest.skip("5.0 shares the next hop of NEXT_HOP itself")
    with exa.hooks.decoding():
        routes = exa.update.unpack_message(octets, exa.session()).data.announces
    assert len({id(route.nexthop) for route in routes}) == 1


def test_unknown_version_is_refused_by_name(exa: Exa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exa.hooks, "exabgp_version", lambda: "7.1.2")
    with pytest.raises(exa.hooks.ExaBGPError, match=r"7\.1\.2"):
        exa.hooks.install()


@pytest.mark.slow
@pytest.mark.parametrize("implementation", ["cython", "python"])
def test_command(implementation: str) -> None:
    header = "ff" * 16 + "002f02"
    body = "00000014" + "40010100" + "40020602010000fde8" + "4003040a000001" + "180a0001"
    source = str(import_module("bgpwire").__path__[0])
    environment = dict(os.environ, BGPWIRE_IMPLEMENTATION=implementation)
    environment["PYTHONPATH"] = os.pathsep.join([os.path.dirname(source), environment.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "bgpwire", "exabgp", "--report", "--", "decode", header + body]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if "No module named 'bgpwire._cython" in done.stderr:
        pytest.skip("the compiled kernels are not built")
    assert '"10.0.1.0/24"' in done.stdout, done.stderr
    assert "1 fast" in done.stderr
