"""What is announced and what is withdrawn, and the UPDATEs that say so in a session (RFC 4271 section 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import AsPath, Prefix, maker
from bgpwire.afi_safi import IPV4_UNICAST, Family
from bgpwire.attribute.as_width import of_width
from bgpwire.attribute.kernels import announced, pack_updates
from bgpwire.attribute.send_hop import hop_octets
from bgpwire.errors import EncodeError
from bgpwire.immutable import Immutable
from bgpwire.message.base import Message
from bgpwire.message.sendable import groups_of, octets_of
from bgpwire.numbers import attribute as codes
from bgpwire.numbers.message import UPDATE
from bgpwire.session import DEFAULT_SESSION
from bgpwire.value.as_path import pack_segments
from bgpwire.value.prefix import check_path_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.message.sendable import Groups
    from bgpwire.session import Session

_AGGREGATOR: Final = codes.AGGREGATOR
_AS_PATH: Final = codes.AS_PATH
message_of: Final = Message.of
_MAKERS: Final = Message.makers
_NLRI_FIELD: Final = 0
_WITHDRAWN_FIELD: Final = 1
"""Where routes stand that are in no attribute, for the kernel."""
_EMPTY_PATH: Final = AsPath("")
_LOCAL_PREF: Final = 100
"""The degree of preference of a route that is given none, as routers have it."""


class _Routes(Immutable):
    """What is to be sent of routes."""

    __slots__ = ()
    _groups: Groups

    @property
    def nlri(self) -> tuple[Any, ...]:
        """The NLRI, family by family."""
        return tuple(value for _, values in self._groups for value in values)

    @property
    def families(self) -> tuple[Family, ...]:
        """The families of the NLRI, in the order in which they are sent."""
        return tuple(family for family, _ in self._groups)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.nlri)} {', '.join(map(str, self.families))}>"


class Announcement(_Routes):
    """Routes, and the path attributes that all of them have; made by :meth:`bgpwire.Update.announce`."""

    __slots__ = ("_groups", "_path_id", "_values")
    _groups: Groups
    _path_id: int | None
    _values: dict[int, Any]

    def messages(self, session: Session = DEFAULT_SESSION) -> list[Any]:
        """The UPDATEs that announce all routes in ``session``, which is that of :meth:`bgpwire.Session.from_opens`:
        what we send follows its ``add_path_send`` and ``label_limits_send``.

        One family a message, as many NLRI in each as :attr:`bgpwire.Session.max_message` has room for; MP_REACH_NLRI is
        the first attribute, the others ascend (RFC 7606 section 5.1). Where none was given, AS_PATH is the session's
        own AS towards an external peer, and empty towards others (RFC 4271 section 5.1.2), and LOCAL_PREF is 100
        towards an internal peer, which wants one (section 5.1.5). :class:`bgpwire.EncodeError` for what the session
        cannot carry: then nothing is to be sent.
        """
        groups = self._groups
        if len(groups) == 1 and groups[0][0] is IPV4_UNICAST:
            try:
                sending = session._sending
            except AttributeError:
                sending = session.sending()
            usual = announced(groups[0][1], self._path_id, self._values, sending, _MAKERS[UPDATE])
            if usual is not None:
                return usual
        return self._made(session)

    def _made(self, session: Session) -> list[Any]:
        """The same for routes of any families, in any session."""
        values = self._values
        path = values.get(_AS_PATH)
        if path is None or path.asn4 is not session.asn4 or session.ibgp or _AGGREGATOR in values:
            values = _in_session(values, session)
        path_id, add_path_send = self._path_id, session.add_path_send
        most = 65535 if session.extended_message else 4096
        turned = session.reversed()
        out: list[Any] = []
        for family, nlri in self._groups:
            if session.families is not None:
                check_family(family, session)
            add_path = bool(add_path_send) and family in add_path_send
            if type(nlri[0]) is not Prefix:
                nlri = octets_of(family, nlri, session, path_id)
            packed = None
            if family == IPV4_UNICAST:
                packed = pack_updates(_NLRI_FIELD, b"", nlri, add_path, path_id, values, most)
            if packed is None:
                octets = hop_octets(values.get(codes.NEXT_HOP), family, session)
                front = family.afi.to_bytes(2) + bytes((family.safi, len(octets))) + octets + b"\0"
                packed = pack_updates(codes.MP_REACH_NLRI, front, nlri, add_path, path_id, values, most)
            for data in packed or ():
                out.append(message_of(data, turned))  # noqa: PERF401 - one turn in most cases
        return out


class Withdrawal(_Routes):
    """Routes that are no longer announced; made by :meth:`bgpwire.Update.withdraw`."""

    __slots__ = ("_groups", "_path_id")
    _groups: Groups
    _path_id: int | None

    def messages(self, session: Session = DEFAULT_SESSION) -> list[Any]:
        """The UPDATEs that withdraw all routes in ``session``: no attributes but MP_UNREACH_NLRI, one family a message,
        as many NLRI in each as there is room for. :class:`bgpwire.EncodeError` as :meth:`Announcement.messages`."""
        return list(self._made(session))

    def _made(self, session: Session) -> Iterator[Any]:
        turned = session.reversed()
        for family, nlri in self._groups:
            check_family(family, session)
            place, front = _WITHDRAWN_FIELD, b""
            if family != IPV4_UNICAST:
                place, front = codes.MP_UNREACH_NLRI, family.afi.to_bytes(2) + bytes((family.safi,))
            octets = octets_of(family, nlri, session, self._path_id, withdraw=True)
            add_path = family in session.add_path_send
            packed = pack_updates(place, front, octets, add_path, self._path_id, {}, session.max_message)
            for data in packed or ():
                yield message_of(data, turned)


make_announcement = maker(Announcement, "_groups", "_path_id", "_values")
_make_withdrawal = maker(Withdrawal, "_groups", "_path_id")


def withdrawal(nlri: Any, family: Any, path_id: int | None) -> Withdrawal:
    """See :meth:`bgpwire.Update.withdraw`."""
    groups = groups_of(nlri, family, withdraw=True)
    return _make_withdrawal(Withdrawal, groups, check_path_id(path_id))  # type: ignore[no-any-return]


def _in_session(values: dict[int, Any], session: Session) -> dict[int, Any]:
    """The values with what the session adds to them, and its width of AS numbers."""
    if _AS_PATH not in values and codes.BGPSEC_PATH not in values:
        values = values | {_AS_PATH: _own_path(session)}
    if session.ibgp and codes.LOCAL_PREF not in values:
        values = values | {codes.LOCAL_PREF: _LOCAL_PREF}
    return of_width(values, session.asn4)


def check_family(family: Family, session: Session) -> None:
    """:class:`bgpwire.EncodeError` for a family that the session is known not to have."""
    if session.families is not None and family not in session.families:
        raise EncodeError("family", str(family), None, f"{family} was not negotiated")


def _own_path(session: Session) -> AsPath:
    asn = session.local_asn
    if session.ibgp is not False or asn is None:
        return _EMPTY_PATH
    return AsPath.from_bytes(pack_segments([(2, (asn,))]))
