"""NOTIFICATION (RFC 4271 section 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire.field.base import integer_of, members_of, octets_of
from bgpwire.message.base import Message
from bgpwire.message.notification_data import decode_details, encode_details
from bgpwire.message.notification_names import CODES, SUBCODES
from bgpwire.numbers.error_code import ADMINISTRATIVE_RESET, ADMINISTRATIVE_SHUTDOWN, CEASE, HARD_RESET
from bgpwire.numbers.message import NOTIFICATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.session import Session


class Notification(Message, type=NOTIFICATION):
    """Why a session ends: code, sub-code, and octets that say more."""

    __slots__ = ()

    @classmethod
    def build(cls, code: int, subcode: int = 0, data: bytes = b"") -> Self:
        """The message to send."""
        return cls._packed(bytes((code, subcode)) + data)

    @classmethod
    def of_values(cls, code: int, subcode: int, /, **details: Any) -> Self:
        """The message whose Data field says ``details``, as :attr:`details` shows them. ValueError for others."""
        return cls.build(code, subcode, encode_details(code, subcode, details))

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        """Of the octets in ``data``, without them of ``details``."""
        code, subcode = integer_of(form["code"]), integer_of(form.get("subcode", 0))
        if "data" in form or "details" not in form:
            data = octets_of(form.get("data", ""))
        else:
            data = encode_details(code, subcode, dict(members_of(form["details"])))
        return bytes((code, subcode)) + data

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
        """The shutdown communication of a Cease 6/2 or 6/4, up to 255 octets (RFC 9003), ``None`` without one.

        That of a hard reset's inner NOTIFICATION too. Octets that are no UTF-8 come as U+FFFD; they are
        in :attr:`reason_data` as they came.
        """
        code, subcode, data = self.code, self.subcode, self.reason_data
        if (code, subcode) == (CEASE, HARD_RESET) and len(data) >= 2:
            code, subcode, data = data[0], data[1], data[2:]
        if code != CEASE or subcode not in (ADMINISTRATIVE_SHUTDOWN, ADMINISTRATIVE_RESET):
            return None
        if not data or data[0] > len(data) - 1:
            return None
        return data[1 : 1 + data[0]].decode("utf-8", "replace")

    @property
    def inner(self) -> Notification | None:
        """The NOTIFICATION that a hard reset (6/9) wraps (RFC 8538 section 3.1), ``None`` without one."""
        if self.code != CEASE or self.subcode != HARD_RESET or len(self.reason_data) < 2:
            return None
        return Notification.build(self.reason_data[0], self.reason_data[1], self.reason_data[2:])

    @property
    def details(self) -> dict[str, Any] | None:
        """What the Data field says, by code and sub-code; ``None`` where nothing is specified, or does not fit."""
        return decode_details(self.code, self.subcode, self.reason_data)

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"code": self.code, "subcode": self.subcode}
        out["code_name"] = CODES.get(self.code, f"code_{self.code}")
        name = SUBCODES.get((self.code, self.subcode))
        if name is not None:
            out["subcode_name"] = name
        if self.communication is not None:
            out["communication"] = self.communication
        details = self.details
        if details is not None:
            out["details"] = details
        if self.reason_data:
            out["data"] = self.reason_data.hex()
        return out
