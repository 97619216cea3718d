"""``bgpwire decode``: BGP messages in hex, each as one JSON object."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from bgpwire._impl import check_header
from bgpwire.cli import options
from bgpwire.cli.report import prepare
from bgpwire.errors import DecodeError, TruncatedError
from bgpwire.message import Message
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, MESSAGE_HEADER_ERROR
from bgpwire.session import Session
from bgpwire.text.visible import visible_json

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

DESCRIPTION = """\
Decode BGP messages, header included, from hex: the arguments, or one message a line on standard input. Blanks,
colons and 0x are ignored, and one piece of hex may hold several messages. Each message gives a JSON object; one
that cannot be decoded gives its error: code, subcode, offset (in its hex), action (RFC 7606) and reason."""
_FILLING = re.compile(r"0[xX]|[\s:,._-]+")


def register(parser: ArgumentParser) -> None:
    parser.add_argument("hex", nargs="*", metavar="HEX", help="messages; without any, lines of standard input")
    parser.add_argument(
        "--asn4", action="store_true", default=True, help="AS numbers have 4 octets (RFC 6793): the default"
    )
    parser.add_argument("--no-asn4", action="store_false", dest="asn4", help="AS numbers have 2 octets")
    options.add_families(parser, "--add-path", "NLRI of this family have path identifiers (RFC 7911)")
    several = "routes of this family may have several labels (RFC 8277)"
    options.add_families(parser, "--multiple-labels", several, "ipv4-labelled-unicast")
    parser.add_argument("--extended-message", action="store_true", help="up to 65,535 octets a message (RFC 8654)")
    parser.add_argument("--spans", action="store_true", help="add where each field stands: offset, length, value")
    parser.add_argument("--pretty", action="store_true", help="JSON of several lines")
    parser.set_defaults(run=run)


def octets_of(text: str) -> bytes:
    """Hex as people paste it. :class:`bgpwire.DecodeError` at the first character that is no hex digit."""
    digits = _FILLING.sub("", text)
    try:
        return bytes.fromhex(digits)
    except ValueError:
        bad = re.search(r"[^0-9a-fA-F]", digits)
        if bad is None:
            raise DecodeError("an odd number of hex digits", len(digits) // 2) from None
        raise DecodeError(f"{bad.group()!r} is no hex digit", bad.start() // 2) from None


def messages(data: bytes, session: Session) -> Iterator[Message | DecodeError]:
    """Each message of ``data``, or the error in its place; behind a header that is wrong there is nothing more."""
    start = 0
    while start < len(data):
        try:
            length = check_header(data, start, len(data), session.max_message)
            if not length or len(data) - start < length:
                wanted = length or "at least 19"
                reason = f"message of {wanted} octets, {len(data) - start} there"
                raise TruncatedError(reason, len(data), MESSAGE_HEADER_ERROR, BAD_MESSAGE_LENGTH)
        except DecodeError as error:
            yield error
            return
        try:
            yield Message.decode(data[start : start + length], session)
        except DecodeError as error:
            yield error.moved(start)
        start += length


def _lines() -> Iterator[str]:
    """Lines of standard input but empty ones and ``#`` comments."""
    for line in sys.stdin:
        text = line.partition("#")[0].strip()
        if text:
            yield text


def _each(texts: Iterable[str], session: Session) -> Iterator[Message | DecodeError]:
    for text in texts:
        try:
            data = octets_of(text)
        except DecodeError as error:
            yield error
            continue
        yield from messages(data, session)


def run(args: Namespace) -> int:
    session = Session(
        args.asn4, args.add_path, extended_message=args.extended_message, multiple_labels=args.multiple_labels
    )
    form: dict[str, Any] = {"indent": 2} if args.pretty else {"separators": (",", ":")}
    prepare(sys.stdout)
    if args.spans:
        from bgpwire.dissect import dissect
    failed = False
    for found in _each(args.hex or _lines(), session):
        failed = failed or isinstance(found, DecodeError)
        out = found.json()
        if args.spans and isinstance(found, Message):
            out["spans"] = [span.json() for span in dissect(found).children]
        print(visible_json(json.dumps(out, ensure_ascii=False, **form)), flush=not args.hex)
    return 1 if failed else 0
