"""The JSON Schema of the package's JSON (docs/json.md), made of the declarations of what is decoded."""

from __future__ import annotations

from typing import Any

__all__ = ["json_schema"]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of all that has ``json()``, by name in ``$defs``; by itself it is that of a message.

    A new object at each call. Members may be added within a version of the JSON; none is taken away or changed.
    """
    from bgpwire.schema.common import COMMON
    from bgpwire.schema.declared import declared
    from bgpwire.schema.message import MESSAGES
    from bgpwire.schema.record import RECORDS
    from bgpwire.schema.sharing import shared

    return shared(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "urn:bgpwire:json:1",
            "title": "bgpwire JSON, version 1",
            "description": "A message, a route (bgpwire dump), an MRT record, or a list of them; see docs/json.md. "
            "Members may be added within a version; none is taken away or changed.",
            "$ref": "#/$defs/message",
            "$defs": COMMON | declared() | MESSAGES | RECORDS,
        }
    )
