"""MRT archives (RFC 6396, RFC 6397, RFC 8050): :func:`open` one and iterate its records, messages or routes.

:func:`decode_record` makes one typed value of a record of any kind; a :class:`Writer` writes files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.mrt import body_bgp4mp, body_historic, body_table
    from bgpwire.mrt.archive import Archive
    from bgpwire.mrt.body import Body, UnknownRecord, decode_record, record_json
    from bgpwire.mrt.collectors import ArchiveName
    from bgpwire.mrt.file import MrtFile, open
    from bgpwire.mrt.report import Report
    from bgpwire.mrt.resync import Skip
    from bgpwire.mrt.statistics import Statistics
    from bgpwire.mrt.writer import Writer
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "Archive": "bgpwire.mrt.archive",
            "ArchiveName": "bgpwire.mrt.collectors",
            "Body": "bgpwire.mrt.body",
            "MrtFile": "bgpwire.mrt.file",
            "Report": "bgpwire.mrt.report",
            "Skip": "bgpwire.mrt.resync",
            "Statistics": "bgpwire.mrt.statistics",
            "UnknownRecord": "bgpwire.mrt.body",
            "Writer": "bgpwire.mrt.writer",
            "decode_record": "bgpwire.mrt.body",
            "open": "bgpwire.mrt.file",
            "record_json": "bgpwire.mrt.body",
        },
        {"MrtMessage": "bgpwire:Event"},
    )

__all__ = [
    "Archive",
    "ArchiveName",
    "Body",
    "MrtFile",
    "Report",
    "Skip",
    "Statistics",
    "UnknownRecord",
    "Writer",
    "body_bgp4mp",
    "body_historic",
    "body_table",
    "decode_record",
    "open",
    "record_json",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
