"""What ``bgpwire listen`` hears."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bgpwire.listen.places import criteria
from bgpwire.listen.reading import events_of_file
from bgpwire.listen.streams import Stream

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable

    from bgpwire.cli.listen import Told
    from bgpwire.listen.places import Place


def sources_of(args: Namespace, places: Iterable[Place], told: Told) -> list[Any]:
    """A source for each place: what has ``run(pump)``. ValueError for what a place needs and is not said; OSError,
    ImportError."""
    return [_MAKERS[place.kind](args, place, told) for place in places]


def _bmp(args: Namespace, place: Place, told: Told) -> Any:
    from bgpwire.listen.stations import BmpSource

    context = None
    if args.tls is not None:
        import ssl

        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*args.tls)

    def started(source: BmpSource) -> None:
        for host, port in source.addresses:
            told.say(f"bmp: listening at {host}:{port}")

    def ended(connection: Any) -> None:
        name = connection.monitor.router.sys_name
        who = f"bmp: {connection.remote[0]}{f' ({name})' if name else ''}"
        if connection.error is not None:
            told.trouble(f"{who}: {connection.error}")
        else:
            told.say(f"{who}: gone after {connection.messages:,} messages")

    return BmpSource(
        place.host,
        place.port,
        allow=args.allow,
        ssl=context,
        withdraw=args.withdraw,
        on_start=started,
        on_end=ended,
        on_connect=lambda connection: told.say(f"bmp: {connection.remote[0]} is there"),
    )


def _bgp(args: Namespace, place: Place, told: Told) -> Any:
    from bgpwire.listen.stations import BgpSource
    from bgpwire.peer import Config

    if args.local_as is None or args.bgp_id is None:
        raise ValueError("bgp:// needs --local-as and --bgp-id, which this side says of itself")
    more = {} if args.bgp_family is None else {"families": args.bgp_family}
    config = Config(asn=args.local_as, bgp_id=args.bgp_id, **more)

    def started(listener: Any) -> None:
        for host, port in listener.addresses:
            told.say(f"bgp: listening at {host}:{port}")

    def ended(peer: Any, reason: Any) -> None:
        told.say(f"bgp: {peer.remote[0]} AS {peer.identity.asn} is down{'' if reason is None else f': {reason}'}")

    return BgpSource(
        config,
        place.host,
        place.port,
        allow=args.allow,
        on_start=started,
        on_end=ended,
        on_connect=lambda peer: told.say(f"bgp: {peer.remote[0]} AS {peer.identity.asn} is up"),
    )


def _ris(args: Namespace, place: Place, told: Told) -> Any:
    from bgpwire.live import ris

    wanted = criteria(place.options)
    url = {name: wanted.pop(name) for name in ("url", "client") if name in wanted}
    return Stream(ris.connect(on_report=_report("ris-live", told), **url, **wanted))


def _kafka(args: Namespace, place: Place, told: Told) -> Any:
    from bgpwire.live import openbmp

    given = dict(place.options)
    how: dict[str, Any] = {name: given.pop(name) for name in ("group", "start") if name in given}
    if given:
        raise ValueError(f"kafka://: {', '.join(given)} means nothing here; group and start do")
    # A name with what no topic has in its name is a pattern, as RouteViews' ^routeviews\..+\.bmp_raw$
    topics: Any = place.path.split(",")
    if re.search(r"[^A-Za-z0-9._,-]", place.path):
        topics = re.compile(place.path)
    host = f"[{place.host}]" if ":" in place.host else place.host
    report = _report("kafka", told)
    return Stream(
        openbmp.connect(
            f"{host}:{place.port}",
            topics,
            strip_asn=args.strip_asn,
            withdraw=args.withdraw,
            on_report=report,
            kafka=args.kafka,
            tries=None,  # who listens goes on when the broker is there again, however long that takes
            **how,
        )
    )


def _file(args: Namespace, place: Place, told: Told) -> Any:
    if args.follow and place.path == "-":
        raise ValueError("--follow is for files: standard input is read as long as it lasts")
    return events_of_file(place.path, place.form, follow=args.follow, withdraw=args.withdraw)


def _report(name: str, told: Told) -> Callable[[Any], None]:
    """Says what a source reports, the first of each kind."""
    shown: dict[Any, int] = {}

    def report(found: Any) -> None:
        told.faults += found.kind not in ("connection", "difference")
        shown[found.kind] = shown.get(found.kind, 0) + 1
        if shown[found.kind] <= 3 or found.kind == "connection":
            told.say(f"{name}: {found}")

    return report


_MAKERS = {"bmp": _bmp, "bgp": _bgp, "ris-live": _ris, "kafka": _kafka, "file": _file}
