"""NOTIFICATION (RFC 4271 section 4.5)."""

from __future__ import annotations

from typing import Any, Self

from bgpwire.message.base import Message

# IANA "BGP Error (Notification) Codes" and their sub-code registries.
CODES = {
    1: "message_header_error",
    2: "open_message_error",
    3: "update_message_error",
    4: "hold_timer_expired",
    5: "finite_state_machine_error",
    6: "cease",
    7: "route_refresh_message_error",
    8: "send_hold_timer_expired",
}
SUBCODES = {
    (1, 1): "connection_not_synchronized",
    (1, 2): "bad_message_length",
    (1, 3): "bad_message_type",
    (2, 1): "unsupported_version_number",
    (2, 2): "bad_peer_as",
    (2, 3): "bad_bgp_identifier",
    (2, 4): "unsupported_optional_parameter",
    (2, 5): "authentication_failure",
    (2, 6): "unacceptable_hold_time",
    (2, 7): "unsupported_capability",
    (2, 8): "no_supported_afi_safi",
    (2, 11): "role_mismatch",
    (3, 1): "malformed_attribute_list",
    (3, 2): "unrecognized_well_known_attribute",
    (3, 3): "missing_well_known_attribute",
    (3, 4): "attribute_flags_error",
    (3, 5): "attribute_length_error",
    (3, 6): "invalid_origin_attribute",
    (3, 7): "as_routing_loop",
    (3, 8): "invalid_next_hop_attribute",
    (3, 9): "optional_attribute_error",
    (3, 10): "invalid_network_field",
    (3, 11): "malformed_as_path",
    (5, 1): "unexpected_message_in_opensent",
    (5, 2): "unexpected_message_in_openconfirm",
    (5, 3): "unexpected_message_in_established",
    (6, 1): "maximum_number_of_prefixes_reached",
    (6, 2): "administrative_shutdown",
    (6, 3): "peer_de_configured",
    (6, 4): "administrative_reset",
    (6, 5): "connection_rejected",
    (6, 6): "other_configuration_change",
    (6, 7): "connection_collision_resolution",
    (6, 8): "out_of_resources",
    (6, 9): "hard_reset",
    (6, 10): "bfd_down",
    (7, 1): "invalid_message_length",
}


class Notification(Message, type=3):
    """Why a session ends: code, sub-code, and octets that say more."""

    __slots__ = ()

    @classmethod
    def build(cls, code: int, subcode: int = 0, data: bytes = b"") -> Self:
        """The message to send."""
        return cls._packed(bytes((code, subcode)) + data)

    @property
    def code(self) -> int:
        return self.data[19]

    @property
    def subcode(self) -> int:
        return self.data[20]

    @property
    def reason_data(self) -> bytes:
        """The Data field."""
        return self.data[21:]

    @property
    def communication(self) -> str | None:
        """The shutdown communication of a Cease 6/2 or 6/4 (RFC 9003), ``None`` without one.

        Octets that are no UTF-8 come as U+FFFD.
        """
        data = self.reason_data
        if self.code != 6 or self.subcode not in (2, 4) or not data or data[0] > len(data) - 1:
            return None
        return data[1 : 1 + data[0]].decode("utf-8", "replace")

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"code": self.code, "subcode": self.subcode}
        out["code_name"] = CODES.get(self.code, f"code_{self.code}")
        name = SUBCODES.get((self.code, self.subcode))
        if name is not None:
            out["subcode_name"] = name
        if self.communication is not None:
            out["communication"] = self.communication
        if self.reason_data:
            out["data"] = self.reason_data.hex()
        return out
