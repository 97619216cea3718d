"""``bgpwire exabgp``: ExaBGP with bgpwire as its decoder."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bgpwire.cli.report import complain

if TYPE_CHECKING:
    from argparse import Namespace

DESCRIPTION = """\
Start ExaBGP with its decoders replaced by bgpwire's, in the Python processes it starts too: the same objects, JSON
and errors, in less time. ExaBGP 5.0.15 and the development line of 6.0 are known; another is refused by name."""


def register(parser: argparse.ArgumentParser) -> None:
    parser.usage = "bgpwire exabgp [--report] -- <any exabgp command line>"
    parser.add_argument("--report", action="store_true", help="say at the end what took the fast way, and what did not")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="what follows goes to exabgp")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    from bgpwire.compat import exabgp
    from bgpwire.compat.exabgp.launch import launch

    arguments = args.arguments[1:] if args.arguments[:1] == ["--"] else args.arguments
    try:
        return launch(arguments, args.report)
    except exabgp.ExaBGPError as error:
        complain(str(error))
        return 2
