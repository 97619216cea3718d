"""``bgpwire decode``: BGP messages in hex, each as one JSON object, or as a table of its octets for people."""

from __future__ import annotations

import json
import re
import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from bgpwire._impl import check_header
from bgpwire.cli import options
from bgpwire.cli.report import prepare
from bgpwire.errors import DecodeError, TruncatedError
from bgpwire.message import Message
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, MESSAGE_HEADER_ERROR
from bgpwire.text.paint import can_colour, painter
from bgpwire.value.visible import visible, visible_json

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.session import Session

DESCRIPTION = """\
Decode BGP messages, header included, from hex: the arguments, or one message a line on standard input. Blanks,
colons and 0x are ignored, and one piece of hex may hold several messages. On a pipe each message gives a JSON object,
on a terminal a table of its octets; one that cannot be decoded gives its error: code, subcode, offset (in its hex),
action (RFC 7606) and reason. What is no hex is InvalidInput. The status is 1 where there was either."""
_FILLING = re.compile(r"0[xX]|[\s:,._-]+")


def register(parser: ArgumentParser) -> None:
    parser.add_argument("hex", nargs="*", metavar="HEX", help="messages; without any, lines of standard input")
    options.add_session(parser)
    parser.add_argument(
        "--format", "-f", choices=("json", "text"), help="json: one object a line; text: each octet by name, for people"
    )
    parser.add_argument("--spans", action="store_true", help="JSON with where each field stands: offset, length, value")
    parser.add_argument("--pretty", action="store_true", help="JSON of several lines")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="of --format text")
    parser.set_defaults(run=run)


class InvalidInput(ValueError):
    """Text that is no hex: nothing that a peer sent, so it has no code and no action. ``offset`` is in octets."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason, offset)
        self.reason = reason
        self.offset = offset

    def __str__(self) -> str:
        return f"invalid input: {self.reason} at offset {self.offset}"

    def json(self) -> dict[str, Any]:
        return {"error": type(self).__name__, "reason": self.reason, "offset": self.offset}


def octets_of(text: str) -> bytes:
    """Hex as people paste it. :class:`InvalidInput` at the first character that is no hex digit."""
    digits = _FILLING.sub("", text)
    try:
        return bytes.fromhex(digits)
    except ValueError:
        bad = re.search(r"[^0-9a-fA-F]", digits)
        if bad is None:
            raise InvalidInput("an odd number of hex digits", len(digits) // 2) from None
        raise InvalidInput(f"{bad.group()!r} is no hex digit", bad.start() // 2) from None


type Shown = Message | DecodeError | InvalidInput
"""A message, or the error in its place."""
type Found = tuple[Shown, bytes]
"""What is shown, and its octets."""


def messages(data: bytes, session: Session) -> Iterator[Found]:
    """Each message of ``data``; behind a header that is wrong there is nothing more."""
    start = 0
    while start < len(data):
        try:
            length = check_header(data, start, len(data), session.max_message)
            if not length or len(data) - start < length:
                wanted = length or "at least 19"
                reason = f"message of {wanted} octets, {len(data) - start} there"
                raise TruncatedError(reason, len(data), MESSAGE_HEADER_ERROR, BAD_MESSAGE_LENGTH)
        except DecodeError as error:
            yield error, data[start:]
            return
        octets = data[start : start + length]
        try:
            yield Message.decode(octets, session), octets
        except DecodeError as error:
            yield error.moved(start), octets
        start += length


def _lines() -> Iterator[str]:
    """Lines of standard input but empty ones and ``#`` comments."""
    for line in sys.stdin:
        text = line.partition("#")[0].strip()
        if text:
            yield text


def _each(texts: Iterable[str], session: Session) -> Iterator[Found]:
    for text in texts:
        try:
            data = octets_of(text)
        except InvalidInput as error:
            yield error, b""
            continue
        yield from messages(data, session)


def _json(args: Namespace) -> Callable[[Shown, bytes], str]:
    """What makes JSON of a message or an error."""
    form: dict[str, Any] = {"indent": 2} if args.pretty else {"separators": (",", ":")}

    def text(found: Shown, octets: bytes) -> str:
        out = found.json()
        if args.spans and isinstance(found, Message):
            from bgpwire.dissect import dissect

            out["spans"] = [span.json() for span in dissect(found).children]
        return visible_json(json.dumps(out, ensure_ascii=False, **form))

    return text


def _table(args: Namespace, session: Session) -> Callable[[Shown, bytes], str]:
    """What makes a table of the octets of a message, with what is wrong below it."""
    from bgpwire.dissect import dissect
    from bgpwire.text.dissection import dissection_lines

    paint = painter(args.color == "always" or (args.color == "auto" and can_colour(sys.stdout)))
    width = get_terminal_size().columns

    def text(found: Shown, octets: bytes) -> str:
        errors = found.errors if isinstance(found, Message) else [found]
        lines = [*dissection_lines(dissect(octets, session), octets, width, paint)] if octets else []
        return "\n".join([*lines, *(paint("red", f"error: {visible(str(error))}") for error in errors), ""])

    return text


def run(args: Namespace) -> int:
    session = options.session_of(args)
    as_json = args.format == "json" or (args.format is None and (args.spans or args.pretty or not sys.stdout.isatty()))
    text = _json(args) if as_json else _table(args, session)
    prepare(sys.stdout)
    failed = False
    for found, octets in _each(args.hex or _lines(), session):
        failed = failed or not isinstance(found, Message)
        print(text(found, octets), flush=not args.hex)
    return 1 if failed else 0
