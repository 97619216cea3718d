"""Values that people type on the command line, as argparse types: what is wrong becomes argparse's error."""

from __future__ import annotations

from argparse import Action, ArgumentParser, ArgumentTypeError
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family
from bgpwire.every_family import ALL_FAMILIES
from bgpwire.route import criteria
from bgpwire.session import Session

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

_PRESENCE = {"present": True, "absent": False}


def family(text: str) -> frozenset[tuple[int, int]]:
    """``ipv4-unicast``, ``l2vpn-evpn`` or ``1/128``; ``all`` for every family there is."""
    if text.strip().lower() == "all":
        return ALL_FAMILIES
    try:
        return frozenset((tuple(Family.parse(text)),))  # type: ignore[arg-type]
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def add_families(parser: ArgumentParser, option: str, meaning: str, example: str = "ipv4-unicast") -> None:
    """An option that names a family, as often as it is given; its value is a set of (AFI, SAFI) pairs."""
    text = f"{meaning}: {example}, 1/128, all"
    parser.add_argument(option, type=family, action=_Union, default=frozenset(), metavar="FAMILY", help=text)


def add_files(parser: ArgumentParser) -> None:
    """The archives that a command reads."""
    text = "MRT, plain, gzip, bzip2, xz or zstd: a file, a folder, a pattern, a URL; - is stdin"
    parser.add_argument("files", nargs="+", metavar="FILE", help=text)


def add_jobs(parser: ArgumentParser) -> None:
    text = "read so many files, or pieces of long plain ones, at a time (2); with 1 nothing runs beside"
    parser.add_argument("--jobs", "-j", type=jobs, default=2, metavar="N", help=text)


def add_merge(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--merge", action="store_true", help="routes of all files in the order of time, not file by file"
    )


def jobs(text: str) -> int:
    """A number, 1 at least."""
    found = count(text)
    if not found:
        raise ArgumentTypeError("1 at least")
    return found


def add_what_no_file_says(parser: ArgumentParser) -> None:
    """The options of what the sessions of an archive had agreed on."""
    add_families(parser, "--add-path", "NLRI of this family have path identifiers although the file does not say so")
    several = "routes of this family may have several labels (RFC 8277), which no file says"
    add_families(parser, "--multiple-labels", several, "ipv4-labelled-unicast")


def add_session(parser: ArgumentParser) -> None:
    """The options of what the session of messages had agreed on."""
    parser.add_argument(
        "--asn4", action="store_true", default=True, help="AS numbers have 4 octets (RFC 6793): the default"
    )
    parser.add_argument("--no-asn4", action="store_false", dest="asn4", help="AS numbers have 2 octets")
    add_families(parser, "--add-path", "NLRI of this family have path identifiers (RFC 7911)")
    several = "routes of this family may have several labels (RFC 8277)"
    add_families(parser, "--multiple-labels", several, "ipv4-labelled-unicast")
    parser.add_argument("--extended-message", action="store_true", help="up to 65,535 octets a message (RFC 8654)")


def session_of(args: Namespace) -> Session:
    """What :func:`add_session` was told."""
    return Session(
        args.asn4, args.add_path, extended_message=args.extended_message, multiple_labels=args.multiple_labels
    )


class _Union(Action):
    """All of the sets that an option is given."""

    def __call__(self, parser: ArgumentParser, namespace: Namespace, values: Any, option: str | None = None) -> None:
        setattr(namespace, self.dest, getattr(namespace, self.dest) | values)


def criterion(name: str) -> Callable[[str], Any]:
    """The argparse type of a criterion of :class:`bgpwire.Filter`: one value, or several behind commas.

    Paths and communities may have commas themselves, and times are single. ``present`` and ``absent`` are True, False.
    """

    def read(text: str) -> Any:
        word = text.strip().lower()
        try:
            if word in _PRESENCE and name in criteria.MAY_BE_ABSENT:
                return _PRESENCE[word]
            if name in ("start", "end"):
                return criteria.moment(text)
            return criteria.read(name, text if name.endswith(("as_path", "community")) else text.split(","))
        except ValueError as error:
            raise ArgumentTypeError(str(error).removeprefix(f"{name}: ")) from None

    return read


def count(text: str) -> int:
    """A number, not negative."""
    if not text.isascii() or not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number")
    return int(text)
