"""MRT archives (RFC 6396, RFC 6397, RFC 8050): :func:`open` one and iterate its records, messages or routes.

:func:`decode_record` makes one typed value of a record of any kind.
"""

from __future__ import annotations

from bgpwire.mrt import body_bgp4mp, body_historic, body_table
from bgpwire.mrt.bgp4mp import MrtMessage
from bgpwire.mrt.body import Body, UnknownRecord, decode_record, record_json
from bgpwire.mrt.file import MrtFile, open
from bgpwire.resync import Skip

__all__ = [
    "Body",
    "MrtFile",
    "MrtMessage",
    "Skip",
    "UnknownRecord",
    "body_bgp4mp",
    "body_historic",
    "body_table",
    "decode_record",
    "open",
    "record_json",
]
