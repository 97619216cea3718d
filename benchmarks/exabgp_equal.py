"""ExaBGP decodes the same with the hooks and without: every message of the vectors, of real archives, and generated.

    python -m benchmarks.exabgp_equal [--generated N] [--recorded N] [--unlike FILE]

Types, values, text, JSON, octets, hashes, every attribute that is set, and what comes back of a pickle are
compared, and errors by type, code, subcode and data. On the development line, what differs on purpose (see
``docs/exabgp.md``) is counted beside. Exit status 1 if anything else differs.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from benchmarks import exabgp_kit as kit
from benchmarks import exabgp_messages as messages
from bgpwire import IMPLEMENTATION
from bgpwire.compat import exabgp

if TYPE_CHECKING:
    from collections.abc import Iterable


_COMMUNITIES = {8: 4, 16: 8}
"""Octets of one, by attribute."""


def on_purpose(exa: kit.Exa, body: bytes, before: Any) -> str | None:
    """Which of the listed differences explains that ``body`` decodes otherwise, if one does."""
    if exa.released:
        return None
    if before == ("RecursionError",):
        return "more attributes than Python has frames"
    if len(body) < 4:
        return None
    start = 4 + (body[0] << 8 | body[1])
    end = start + (body[start - 2] << 8 | body[start - 1])
    codes = set()
    while start + 3 <= end:
        flags, code = body[start], body[start + 1]
        if flags & 0x0F:
            return "unused bits of the attribute flags"
        codes.add(code)
        wide = flags & 0x10
        size = body[start + 2] << 8 | body[start + 3] if wide else body[start + 2]
        start += (4 if wide else 3) + size
        if start > end:
            return "attribute runs over the end"
        if code in _COMMUNITIES and (size % _COMMUNITIES[code] or flags & 0xC0 != 0xC0):
            return "malformed communities"
        if code in (14, 15) and flags & 0xC0 != 0x80:
            return "flags of an MP attribute"
    if {2, 17} <= codes or {7, 18} <= codes:
        return "AS4_PATH"
    return "reserved octet of MP_REACH_NLRI" if "reserved" in str(before[-1]) else None


def compare(exa: kit.Exa, name: str, messages: Iterable[tuple[dict[str, Any], bytes]], unlike: Any) -> int:
    """Decode each message both ways; the number that differ and should not."""
    total = wrong = raised = 0
    explained: Counter[str] = Counter()
    exabgp.clear()
    for session, body in messages:
        total += 1
        with_none, with_hooks = exa.fresh_session(**session), exa.fresh_session(**session)
        before = exa.describe(body, with_none)
        with exabgp.decoding():
            after = exa.describe(body, with_hooks)
        raised += isinstance(before[0], str) and before[0] != "EOR"
        if before == after:
            continue
        reason = on_purpose(exa, body, before)
        if reason is not None:
            explained[reason] += 1
            continue
        wrong += 1
        print(f"{session} {body.hex()}\n  {before!r}\n  {after!r}", file=unlike)
    counts = exabgp.report()
    print(
        f"{name:10} {total:7} messages, {raised} refused by ExaBGP, {wrong} differ, "
        f"{sum(explained.values())} on purpose {dict(explained) or ''}; fast {counts['messages']['fast']}, "
        f"handed back {counts['messages']['handed_back']}, prefixes {counts['prefixes']['fast']} fast, "
        f"{counts['prefixes']['handed_back']} handed back",
        flush=True,
    )
    return wrong


def main() -> int:
    """Run the comparison; see the module."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--generated", type=int, default=100_000, metavar="N")
    parser.add_argument("--recorded", type=int, metavar="N", help="at most so many (default: all)")
    parser.add_argument("--seed", type=int, default=4271)
    parser.add_argument("--unlike", type=argparse.FileType("w"), default=sys.stderr, metavar="FILE")
    args = parser.parse_args()
    if sys.path[0:1] != [kit.find_main()] and kit.find_main():
        sys.path.insert(0, str(kit.find_main()))
    exa = kit.Exa()
    print(f"ExaBGP {exa.version}, bgpwire {IMPLEMENTATION}")
    wrong = compare(exa, "vectors", messages.vectors(), args.unlike)
    wrong += compare(exa, "recorded", islice(messages.recorded(), args.recorded), args.unlike)
    wrong += compare(exa, "generated", messages.generated(args.generated, args.seed), args.unlike)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
