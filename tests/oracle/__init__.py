"""Does bgpwire say what other decoders say? ``make oracle``, which is ``python -m oracle`` with tests/ on the path.

Per source: how many inputs both read the same, how many differ, and why. A difference is *settled* when a sentence of
an RFC says who is right (:data:`SETTLED`); what is left over is printed whole, and makes the exit status 1.

Sources, each left out where it is not there:

- GoBGP's own tests (``BGPWIRE_ORACLES``), through the comparisons in test_*oracle*.py;
- tshark, fed with the messages of the samples and the vectors in a pcap;
- bgpdump, whose output lies beside the archives in ``BGPWIRE_DATA``;
- BMP: NetGauze's JSON of the captures in ``BGPWIRE_DATA``, GoBGP's own tests, tshark (oracle/bmp);
- the samples: what the daemons' operators were told to announce (samples/\\*.expected.json);
- what is built of the values of the vectors, and sent in sessions of every shape: tshark, a GoBGP daemon and ExaBGP
  read it, and show the values that were put in (oracle/built); and the octets are held against those of the vectors.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import bgpwire

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
ORACLES = Path(os.environ.get("BGPWIRE_ORACLES") or SHARED / "oracles")
DATA = Path(os.environ.get("BGPWIRE_DATA") or SHARED / "data")

SETTLED: dict[str, str] = {
    "gobgp label stack": "RFC 8277 2.3: the stack ends at the label whose S bit is set; GoBGP ends it anywhere",
    "gobgp FlowSpec value": "RFC 8955 4.2: an operator is followed by its value; GoBGP keeps the octets as text",
    "gobgp TLV refused": "RFC 9552 8.2.2: only syntax is checked; GoBGP refuses some addresses, floats, empty names",
    "gobgp attribute taken": "RFC 7606 7.1 to 7.3: malformed; GoBGP's decoder leaves it to a later check, or takes it",
    "gobgp FlowSpec pattern": "RFC 8956 3.1: the pattern has length - offset bits; GoBGP writes all of them",
    "tshark long message": "RFC 8654 4: up to 65,535 octets; tshark 4.0 takes more than 4,096 for malformed",
    "tshark AS width": "RFC 6793 4.1: capability 65 of both sides tells it; tshark guesses by the octets",
    "tshark ADD-PATH": "RFC 7911 4: capability 69 of both sides tells it; tshark guesses by the octets",
    "tshark extended OPEN": "RFC 9072 2: length and type 255 announce two octets of length; tshark 4.0 knows it not",
    "tshark SR Policy": "RFC 9830 2.1: an endpoint of AFI 2 has 16 octets; tshark 4.0 takes the NLRI for malformed",
    "tshark unknown TLV": "RFC 8669 6, RFC 9012 13: a TLV not known, or not readable, is passed over; tshark 4.0 stops",
    "tshark malformed": "RFC 7606 2, RFC 4271 6.2: what is wrong is reported and the rest read; tshark reads otherwise",
}


class Outcome(NamedTuple):
    """What comparing with one source came to."""

    source: str
    agree: int
    settled: Counter[str]
    open: list[str]


def pass_over(skip: bgpwire.mrt.Skip) -> None:
    """Recordings hold what no decoder can read, on purpose."""
