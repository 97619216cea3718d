"""The command ``bgpwire``.

A command is a module of this package with ``register(parser)``, which adds its options and sets ``run`` as the default,
and ``run(args) -> int``, which gives the exit status: 0, 1 if anything could not be decoded, 2 if something could not
be opened or for wrong arguments; ``DESCRIPTION`` is what its own ``--help`` says. List it in :data:`COMMANDS`.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "dump": "print the routes of MRT files",
    "listen": "print or write routes the moment they are heard: BMP, BGP, RIS Live, Kafka, captures",
    "convert": "write MRT files as Parquet, Arrow or CSV, or as MRT in zstd",
    "decode": "decode BGP messages in hex",
    "encode": "make BGP messages in hex of JSON",
    "stats": "count what MRT files hold",
    "table": "print the table of a collector at an instant, out of its tables and updates",
    "query": "answer SQL over the routes of MRT files",
    "exabgp": "start ExaBGP, decoding through bgpwire",
}
"""The modules of the commands, in the order ``--help`` shows them, and what it says of each."""

_BROKEN_PIPE = 141
"""128 + SIGPIPE: what a shell reports of a program that its reader left."""
_INTERRUPTED = 130
_USAGE = 2


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of ``argv``: only the command that is named there is imported."""
    from bgpwire import IMPLEMENTATION, __version__

    parser = argparse.ArgumentParser(
        prog="bgpwire",
        description="Decode BGP: MRT archives of routes, and messages in hex.",
        epilog="`bgpwire COMMAND --help` describes a command.",
    )
    parser.add_argument("--version", action="version", version=f"bgpwire {__version__} ({IMPLEMENTATION})")
    subparsers = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, text in COMMANDS.items():
        command = subparsers.add_parser(name, help=text)
        if name in argv:
            module = import_module(f"bgpwire.cli.{name}")
            command.description = module.DESCRIPTION
            module.register(command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (``sys.argv[1:]``) and return its exit status."""
    try:
        words = sys.argv[1:] if argv is None else argv
        args = _parser(words).parse_args(words)
        status: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the output closed it.
        _drop_output()
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        from bgpwire.cli.report import complain

        what = "" if isinstance(error, ChildProcessError) else "cannot write: "
        complain(f"{what}{error.strerror or error}")
        _drop_output()
        return _USAGE
    return status


def _drop_output() -> None:
    """What is buffered and cannot be written goes nowhere, without a complaint of Python's at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
