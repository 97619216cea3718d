"""``bgpwire encode``: BGP messages of their JSON, each as a line of hex."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from bgpwire.cli import options
from bgpwire.cli.report import complain
from bgpwire.message import Message

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from bgpwire.session import Session

DESCRIPTION = """\
Make BGP messages, header included, of JSON: the arguments, or one object a line on standard input, as `bgpwire decode`
prints them or written by hand (docs/json.md). Each gives a line of hex, so that `bgpwire decode | bgpwire encode` gives
the octets back. What is no message is named on standard error, with the path to the member that is wrong; the status
is 1 then. Where no option says what the session had agreed on, routes have path identifiers and labels as the JSON has
them."""


def register(parser: ArgumentParser) -> None:
    parser.add_argument("json", nargs="*", metavar="JSON", help="messages; without any, lines of standard input")
    options.add_session(parser)
    parser.set_defaults(run=run)


def _texts(args: Namespace) -> Iterator[tuple[str, str]]:
    """What each is called, and its JSON."""
    if args.json:
        for number, text in enumerate(args.json, 1):
            yield f"argument {number}", text
        return
    for number, text in enumerate(sys.stdin, 1):
        if text.strip():
            yield f"line {number}", text


def _message(text: str, session: Session | None) -> Message:
    """ValueError where it is none."""
    form: Any = json.loads(text)
    if isinstance(form, dict) and "error" in form and "type" not in form:
        raise ValueError("an error, and no message")
    message = Message.from_json(form, session)
    most = message.session.max_message
    if len(message) > most:
        raise ValueError(f"a message of {len(message)} octets, {most} at most")
    return message


def run(args: Namespace) -> int:
    told = not args.asn4 or args.add_path or args.multiple_labels or args.extended_message
    session = options.session_of(args) if told else None
    failed = False
    for name, text in _texts(args):
        try:
            message = _message(text, session)
        except (ValueError, RecursionError) as error:
            failed = True
            complain(f"{name}: {error}")
        else:
            print(bytes(message).hex(), flush=not args.json)
    return 1 if failed else 0
