"""SRv6 endpoint behaviours by number: IANA "SRv6 Endpoint Behaviors" (RFC 8986 section 10.2 and later)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bgpwire.field import named

_FLAVORS = ("", "PSP", "USP", "PSP & USP")
_USD = ("USD", "PSP & USD", "USP & USD", "PSP, USP & USD")
_CSID = ("", " & PSP", " & USP", ", PSP & USP")
_CSID_USD = (" & USD", ", PSP & USD", ", USP & USD", ", PSP, USP & USD")


def _series(first: int, behavior: str, flavors: tuple[str, ...], style: str = "") -> Iterator[tuple[int, str]]:
    """One behaviour with each of its flavours, numbered from ``first``."""
    for code, flavor in enumerate(flavors, first):
        text = f"{style}{flavor}" if style else flavor
        yield code, f"{behavior} with {text}" if text else behavior


def _plain(first: int, names: str) -> Iterator[tuple[int, str]]:
    """Names parted by a bar, numbered from ``first``; an empty one is not assigned."""
    for code, name in enumerate(names.split("|"), first):
        if name:
            yield code, name


_NEXT = "NEXT-CSID"
_REPLACE = "REPLACE-CSID"
_SERVICES = ("DX6", "DX4", "DT6", "DT4", "DT46", "DX2", "DX2V", "DT2U", "DT2M")

BEHAVIORS: Final[dict[int, str]] = dict(
    (
        *_series(1, "End", _FLAVORS),
        *_series(5, "End.X", _FLAVORS),
        *_series(9, "End.T", _FLAVORS),
        *_plain(13, "End.B6.Insert|End.B6.Encaps|End.BM"),
        *_plain(16, "|".join(f"End.{service}" for service in _SERVICES)),
        *_plain(26, "End.B6.Insert.Red|End.B6.Encaps.Red"),
        *_series(28, "End", _USD),
        *_series(32, "End.X", _USD),
        *_series(36, "End.T", _USD),
        *_plain(40, "End.MAP|End.Limit|End with NEXT-ONLY-CSID"),
        *_series(43, "End", _CSID + _CSID_USD, _NEXT),
        *_plain(51, "End.X with NEXT-ONLY-CSID"),
        *_series(52, "End.X", _CSID + _CSID_USD, _NEXT),
        *_plain(60, "|".join(f"End.{service} with NEXT-CSID" for service in _SERVICES)),
        *_plain(69, "End.M.GTP6.D|End.M.GTP6.Di|End.M.GTP6.E|End.M.GTP4.E|End.DTM|End.M|End.Replicate"),
        *_plain(76, "End.DTMC4|End.DTMC6|End.DTMC46|End.BXC|End.BXC with PSP|End.BXC with USP|End.BXC with USD"),
        *_plain(83, "End.BXC with PSP, USP & USD|End.NSH"),
        *_series(85, "End.T", _CSID + _CSID_USD, _NEXT),
        *_plain(93, "End.B6.Encaps with NEXT-CSID|End.B6.Encaps.Red with NEXT-CSID|End.BM with NEXT-CSID"),
        *_plain(96, "End.LBS with NEXT-CSID|End.XLBS with NEXT-CSID"),
        *_plain(98, "End.B6.Encaps.Red with NEXT-CSID, PSP & USD|End.B6.Insert.Red with NEXT-CSID, PSP & USD|End.PSID"),
        *_series(101, "End", _CSID, _REPLACE),
        *_series(105, "End.X", _CSID, _REPLACE),
        *_series(109, "End.T", _CSID, _REPLACE),
        *_plain(114, "End.B6.Encaps with REPLACE-CSID|End.BM with REPLACE-CSID"),
        *_plain(116, "|".join(f"End.{service} with REPLACE-CSID" for service in _SERVICES)),
        *_plain(127, "End.B6.Encaps.Red with REPLACE-CSID"),
        *_series(128, "End", _CSID_USD, _REPLACE),
        *_series(132, "End.X", _CSID_USD, _REPLACE),
        *_series(136, "End.T", _CSID_USD, _REPLACE),
        *_plain(140, "End.LBS with REPLACE-CSID|End.XLBS with REPLACE-CSID|End.DTM46|End.DXM4|End.DXM6|End.DXM2"),
        *_plain(150, "End.XU|End.XU with PSP|End.XU with USP|End.XU with USD|End.XU with PSP, USP & USD"),
        *_plain(158, "End.DX1|End.DX1 with NEXT-CSID|End.DX1 with REPLACE-CSID|End.AN|End.AS|End.AD|End.AM"),
        (32767, "SID of RFC 8754"),
        (65535, "Opaque"),
    )
)

endpoint_behavior = named(BEHAVIORS, 2)
"""2 octets, by name where the registry has one."""
