"""Records of an archive made anew of their values."""

from __future__ import annotations

from typing import Any


def rewrite(package: Any, out: Any, record: Any, numbered: bool = False) -> str | None:
    """Decode ``record`` and write its values with ``out``, a ``mrt.Writer``; a record that cannot be made of its values
    is copied. Why it was copied, or ``None``. RIB records are ``numbered`` as they were, or as the writer does."""
    try:
        return _of_values(package, out, record, numbered)
    except ValueError as error:  # DecodeError is one
        out.record(record)
        return str(error)


def _of_values(package: Any, out: Any, record: Any, numbered: bool) -> str | None:
    body = package.mrt.decode_record(record)
    match body.name:
        case "message" | "state_change" if record.type in (16, 17):
            when = record.seconds, record.microseconds if record.type == 17 else None
            local = body.local_address, body.local_asn, body.interface
            peer = package.Peer(body.peer_address, body.peer_asn, None, *local)
            if body.name == "message":
                out.message(body.message, peer, *when, local=bool(body.local))
            else:
                out.state_change(body.old_state, body.new_state, peer, *when, asn4=record.subtype == 5)
        case "peer_index_table":
            out.peer_table(body.peers, record.seconds, collector_bgp_id=body.collector_bgp_id, view=body.view)
        case "rib":
            number = {"sequence": body.sequence} if numbered else {}
            out.rib(body.nlri, body.entries, record.seconds, family=(body.afi, body.safi), **number)
        case name:
            out.record(record)
            return f"type {record.type}: {name}"
    return None
