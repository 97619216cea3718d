"""UPDATE (RFC 4271 section 4.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import PathAttributes, is_sound, section_ends
from bgpwire.afi_safi import IPV4_UNICAST, Family, family_of
from bgpwire.attribute import block as attributes
from bgpwire.attribute.build import TABLE, UNSET, values_in
from bgpwire.attribute.check import update_errors
from bgpwire.attribute.kernels import read_values, unicast
from bgpwire.errors import Action
from bgpwire.field.base import items_of, text_of
from bgpwire.field.form_error import WRONG, member
from bgpwire.message.announcement import Announcement, Withdrawal, make_announcement, withdrawal
from bgpwire.message.base import Message
from bgpwire.message.sendable import UNICAST, groups_of
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.collection import NlriCollection
from bgpwire.nlri.routes import Routes, session_of
from bgpwire.numbers.attribute import MP_UNREACH_NLRI, ORIGIN
from bgpwire.numbers.message import UPDATE
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.origin import Origin
from bgpwire.value.prefix import check_path_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bgpwire._impl import (
        Address,
        AsPath,
        Communities,
        Community,
        ExtendedCommunities,
        ExtendedCommunity,
        LargeCommunities,
        LargeCommunity,
    )
    from bgpwire.attribute.aggregator import Aggregator
    from bgpwire.attribute.build import AttributesLike, HopLike
    from bgpwire.errors import DecodeError

_IGP = Origin.IGP.value


class Update(Message, type=UPDATE):
    """Routes withdrawn, path attributes, and routes that have them. Each part is decoded on first access."""

    __slots__ = ("_attributes", "_ends", "_errors", "_nlri", "_withdrawn")

    _attributes: PathAttributes | None
    _ends: tuple[int, int] | None
    _errors: list[DecodeError] | None
    _nlri: NlriCollection | None
    _withdrawn: NlriCollection | None

    @staticmethod
    def announce(
        nlri: Iterable[Any],
        *,
        family: Any = None,
        path_id: int | None = None,
        origin: Origin | str | int = UNSET,
        as_path: AsPath | str | Iterable[int] = UNSET,
        next_hop: HopLike | None = UNSET,
        med: int | None = UNSET,
        local_pref: int | None = UNSET,
        atomic_aggregate: bool | None = UNSET,
        aggregator: Aggregator | str | tuple[int, Any] | None = UNSET,
        communities: Communities | Iterable[Community | str] | None = UNSET,
        originator_id: Address | str | None = UNSET,
        cluster_list: Iterable[Address | str] | None = UNSET,
        extended_communities: ExtendedCommunities | Iterable[ExtendedCommunity | str] | None = UNSET,
        large_communities: LargeCommunities | Iterable[LargeCommunity | str] | None = UNSET,
        only_to_customer: int | None = UNSET,
        attributes: AttributesLike | None = None,
    ) -> Announcement:
        """Routes to announce, with these path attributes; ``.messages(session)`` are the UPDATEs to send.

        ``nlri``: prefixes as values, text or ``ipaddress`` objects, NLRI of any family, or their JSON forms with a
        ``family`` beside them (an (AFI, SAFI) pair, or its name). Each family is sent in messages of its own.
        ``path_id`` is the path identifier of those without one, where the session has them (RFC 7911).
        The attributes: :class:`bgpwire.attribute.build.AttributeFields`. ORIGIN is IGP unless it is given.

        >>> update = bgpwire.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", as_path="64500 64501")
        >>> [len(message) for message in update.messages()]
        [55]

        ValueError or TypeError for what is no route or no attribute, :class:`bgpwire.EncodeError` among them.
        """
        # fmt: off
        given = (
            origin, as_path, next_hop, med, local_pref, atomic_aggregate, aggregator, communities, originator_id,
            cluster_list, extended_communities, large_communities, only_to_customer,
        )
        # fmt: on
        values = {} if attributes is None else values_in(attributes)
        read_values(given, TABLE, UNSET, values)
        if ORIGIN not in values:
            values[ORIGIN] = _IGP
        if path_id is not None:
            check_path_id(path_id)
        plain = unicast(nlri, UNICAST) if family is None else None
        return make_announcement(Announcement, plain or groups_of(nlri, family), path_id, values)  # type: ignore[no-any-return]

    @staticmethod
    def withdraw(nlri: Iterable[Any], *, family: Any = None, path_id: int | None = None) -> Withdrawal:
        """Routes to withdraw, given as those of :meth:`announce`; ``.messages(session)`` are the UPDATEs to send.

        What stands for labels is 0x800000 (RFC 8277 section 2.4), whatever labels the routes have.
        """
        return withdrawal(nlri, family, path_id)

    @classmethod
    def build_end_of_rib(cls, family: Any, session: Session = DEFAULT_SESSION) -> Self:
        """The UPDATE that ends the initial routes of ``family`` (RFC 4724 section 2), to send in ``session``."""
        found = Family.parse(family) if isinstance(family, str) else family_of(family)
        return cls._packed(_end_of_rib(found), session.reversed())

    @classmethod
    def _session_of(cls, form: Mapping[str, Any]) -> Session:
        try:
            found = attributes.session_of_attributes(form.get("attributes", ()))
            prefixes = [*items_of(form.get("withdrawn", ())), *items_of(form.get("nlri", ()))]
        except WRONG:
            return DEFAULT_SESSION  # what makes the body says where it is wrong
        if not session_of(prefixes, *IPV4_UNICAST).add_path:
            return found
        return replace(found, add_path=found.add_path | {IPV4_UNICAST})

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        """An ``end_of_rib`` without attributes and routes is that of the family (RFC 4724 section 2)."""
        if "end_of_rib" in form and not form.keys() & {"withdrawn", "attributes", "nlri"}:
            return _end_of_rib(Family.parse(text_of(form["end_of_rib"])))
        withdrawn = member(_prefixes(True, session).encode_json, form, "withdrawn", ())
        block = member(attributes.Block(session).encode_json, form, "attributes", ())
        nlri = member(_prefixes(False, session).encode_json, form, "nlri", ())
        for octets in (withdrawn, block):
            if len(octets) > 0xFFFF:
                raise ValueError(f"a field of {len(octets)} octets")
        return len(withdrawn).to_bytes(2) + withdrawn + len(block).to_bytes(2) + block + nlri

    def _says_all(self, form: Mapping[str, Any]) -> bool:
        """Attributes have a ``raw`` of their own, but for what runs over the end of their field."""
        parts = [part for part in (self.withdrawn, self.nlri) if part]
        if not all(_prefixes(part.withdraw, self._session).says_all(part) for part in parts):
            return False
        return self.attributes.structure_error is None

    def check(self) -> None:
        self._sections()

    def _sections(self) -> tuple[int, int]:
        if self._ends is None:
            self._ends = section_ends(self._data, 19, len(self._data))
        return self._ends

    @property
    def withdrawn(self) -> NlriCollection:
        """The Withdrawn Routes field: IPv4 unicast prefixes."""
        if self._withdrawn is None:
            end, _ = self._sections()
            self._withdrawn = NlriCollection(self._data, self._session, withdraw=True, start=21, end=end)
        return self._withdrawn

    @property
    def attributes(self) -> PathAttributes:
        """The Path Attributes field."""
        if self._attributes is None:
            start, end = self._sections()
            self._attributes = PathAttributes(self._data, start + 2, end, self._session)
        return self._attributes

    @property
    def nlri(self) -> NlriCollection:
        """The Network Layer Reachability Information field: IPv4 unicast prefixes."""
        if self._nlri is None:
            _, start = self._sections()
            self._nlri = NlriCollection(self._data, self._session, start=start)
        return self._nlri

    @property
    def end_of_rib(self) -> Family | None:
        """The family whose initial routes end here (RFC 4724 section 2), ``None`` for any other UPDATE."""
        if len(self._data) == 23:
            return IPV4_UNICAST
        if self.withdrawn or self.nlri or MP_UNREACH_NLRI not in self.attributes or len(self.attributes) != 1:
            return None
        unreach = self.attributes.mp_unreach
        return unreach.family if unreach is not None and not unreach.nlri else None

    @property
    def errors(self) -> list[DecodeError]:
        """All that is wrong, each with its RFC 7606 action; decodes whatever is not decoded yet."""
        if self._errors is None:
            # Nearly all are sound, and to see that of the octets takes a tenth of the time of decoding them all.
            self._errors = [] if is_sound(self._data, self._session) else update_errors(self)
        return list(self._errors)

    @property
    def action(self) -> Action | None:
        """The strongest action among :attr:`errors` (RFC 7606 section 3 h), ``None`` without errors."""
        return min((error.action for error in self.errors), key=list(Action).index, default=None)

    def __repr__(self) -> str:
        return f"<Update withdrawn={self.withdrawn!r} attributes={self.attributes!r} nlri={self.nlri!r}>"

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if self.withdrawn:
            out["withdrawn"] = self.withdrawn.json()
        out["attributes"] = self.attributes.json()
        if self.nlri:
            out["nlri"] = self.nlri.json()
        family = self.end_of_rib
        if family is not None:
            out["end_of_rib"] = str(family)
        return out


def _prefixes(withdraw: bool, session: Session) -> Routes:
    """The prefixes of a field of the UPDATE itself."""
    return Routes(NlriContext(*IPV4_UNICAST, withdraw, session))


def _end_of_rib(family: Family) -> bytes:
    """The body of the UPDATE that ends the initial routes of a family: nothing, or an MP_UNREACH_NLRI of no routes."""
    if family == IPV4_UNICAST:
        return bytes(4)
    return b"\0\0\0\6" + bytes((0x80, MP_UNREACH_NLRI, 3)) + family.afi.to_bytes(2) + bytes((family.safi,))
