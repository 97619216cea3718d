"""ROUTE-REFRESH (RFC 2918, RFC 5291, RFC 7313), and Cisco's from before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire._impl import Reader
from bgpwire.afi_safi import Family
from bgpwire.capability.fields import afi_code, safi_code
from bgpwire.errors import DecodeError, MessageHeaderError, RouteRefreshError
from bgpwire.field import Field, Layout, named, octets
from bgpwire.field.base import members_of, octets_of
from bgpwire.message.base import Message
from bgpwire.message.orf import Orf, filter_errors, orf_text
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, INVALID_MESSAGE_LENGTH
from bgpwire.numbers.message import ROUTE_REFRESH, ROUTE_REFRESH_CISCO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Writer
    from bgpwire.field import Walk
    from bgpwire.session import Session

REQUEST, BORR, EORR = 0, 1, 2
SUBTYPES = {REQUEST: "request", BORR: "begin_of_route_refresh", EORR: "end_of_route_refresh"}
_HEAD: Final = Layout(afi=afi_code, subtype=named(SUBTYPES), safi=safi_code)


class RefreshBody(Field):
    """All that is left, the body of a ROUTE-REFRESH (RFC 2918 section 3, RFC 7313 section 3.2): ``afi``, ``safi`` and
    ``subtype``, in a request outbound route filters (``orf``; octets where they run over the end), else ``data``."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(self._read, exact=False)

    def _read(self, reader: Reader) -> dict[str, Any]:
        out: dict[str, Any] = _HEAD.read(reader)
        if not len(reader):
            return out
        if out["subtype"] != SUBTYPES[REQUEST]:
            return out | {"data": reader.rest()}
        whole = reader.ahead(len(reader))
        try:
            return out | {"orf": Orf(out["afi"]).read(reader)}
        except DecodeError:
            reader.skip(len(reader))
            return out | {"orf": whole}

    def walk(self, walk: Walk) -> dict[str, Any]:
        """As :meth:`_read`, but that filters over the end are malformed."""
        out: dict[str, Any] = walk.spread("head", _HEAD)
        if not len(walk):
            return out
        if out["subtype"] != SUBTYPES[REQUEST]:
            return out | {"data": walk("data", octets)}
        return out | {"orf": Orf(out["afi"]).walk(walk)}

    def write(self, writer: Writer, value: Any) -> None:
        _HEAD.write(writer, {name: value[name] for name in _HEAD.members})
        orf = value.get("orf", b"")
        if isinstance(orf, bytes):
            writer.octets(orf)
        else:
            Orf(value["afi"]).write(writer, orf)
        writer.octets(value.get("data", b""))

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return *_HEAD.parts, ("orf", Orf(0))

    def to_json(self, value: Any) -> dict[str, Any]:
        head = _HEAD.to_json({name: value[name] for name in _HEAD.members})
        out = {name: head[name] for name in ("afi", "safi", "subtype")}
        orf = value.get("orf")
        if orf is not None:
            out["orf"] = orf.hex() if isinstance(orf, bytes) else Orf(value["afi"]).to_json(orf)
        return out | ({"data": value["data"].hex()} if "data" in value else {})

    def from_json(self, form: Any) -> dict[str, Any]:
        found = members_of(form)
        out = _HEAD.from_json({name: found[name] for name in _HEAD.members})
        if "data" in found:
            out["data"] = octets_of(found["data"])
        if "orf" in found:
            orf = found["orf"]
            out["orf"] = octets_of(orf) if isinstance(orf, str) else Orf(out["afi"]).from_json(orf)
        return out

    def schema(self) -> dict[str, Any]:
        head = _HEAD.schema()["properties"]
        properties = {name: head[name] for name in ("afi", "safi", "subtype")}
        orf = {"anyOf": [octets.schema(), Orf(0).schema()]}
        return {
            "type": "object",
            "properties": properties | {"orf": orf, "data": octets.schema()},
            "required": [*properties],
        }


refresh_body: Final = RefreshBody()


class RouteRefresh(Message, type=ROUTE_REFRESH):
    """Ask for a family's routes once more, or frame the answer (RFC 7313 section 3.2)."""

    __slots__ = ()

    @classmethod
    def build(cls, family: tuple[int, int], subtype: int = 0, filters: Mapping[str, Any] | None = None) -> Self:
        """The message to send; a request may have ``filters``, as :attr:`filters` shows them (RFC 5291 section 4).
        ValueError for others, and for filters with another ``subtype``."""
        if filters is not None and subtype != REQUEST:
            raise ValueError(f"filters with sub-type {subtype}: only a request (0) has any")
        head = family[0].to_bytes(2) + bytes((subtype, family[1]))
        return cls._packed(head if filters is None else head + Orf(family[0]).encode_json(filters))

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        return refresh_body.encode(refresh_body.from_json(form))

    def check(self) -> None:
        """:class:`bgpwire.MessageHeaderError` 1/2 without the 4 octets that every one has."""
        if len(self.data) < 23:
            reason = f"message of {len(self.data)} octets, type {self.data[18]}"
            raise MessageHeaderError(reason, 16, None, BAD_MESSAGE_LENGTH, data=self.data[16:18])

    @property
    def errors(self) -> list[DecodeError]:
        """BoRR and EoRR with octets behind, filters whose lengths do not fit (7/1, RFC 7313 section 5), and filters
        whose entries are malformed or FRR's (0/0; RFC 5291 has no code for them).

        Sub-types other than 0 to 2 are to be ignored, and so nothing in them is an error.
        """
        if self.subtype in (BORR, EORR) and len(self.data) != 23:
            reason = f"{SUBTYPES[self.subtype]} of {len(self.data)} octets, not 23"
            return [RouteRefreshError(reason, 16, None, INVALID_MESSAGE_LENGTH, data=self.data)]
        try:
            found = self._filters()
        except DecodeError as error:
            reason = f"ORF: {error.reason}"
            return [RouteRefreshError(reason, error.offset, None, INVALID_MESSAGE_LENGTH, data=self.data)]
        return [] if found is None else filter_errors(found["filters"])

    @property
    def family(self) -> Family:
        return Family(int.from_bytes(self.data[19:21]), self.data[22])

    @property
    def subtype(self) -> int:
        """0 request, 1 BoRR, 2 EoRR; the octet was reserved in RFC 2918, others are to be ignored."""
        return self.data[21]

    @property
    def orf(self) -> bytes:
        """The octets behind the first 4: outbound route filters in a request (RFC 5291 section 4)."""
        return self.data[23:]

    @property
    def filters(self) -> dict[str, Any] | None:
        """When to refresh, and the outbound route filters as JSON values; ``None`` without any.

        :class:`bgpwire.DecodeError` where the length of a list of entries runs over the end.
        """
        found = self._filters()
        return None if found is None else Orf(self.family.afi).to_json(found)

    def _filters(self) -> dict[str, Any] | None:
        if not self.orf or self.subtype:
            return None
        found: dict[str, Any] = Orf(self.family.afi).read(Reader(self.data, 23))
        return found

    def __str__(self) -> str:
        """Family, sub-type and filters: ``ipv4-unicast request immediate address_prefix [add permit …]``."""
        words = [str(self.family), str(SUBTYPES.get(self.subtype, self.subtype))]
        if self.orf:
            try:
                filters = self.filters
            except DecodeError:
                filters = None
            words.append(f"0x{self.orf.hex()}" if filters is None else orf_text(filters))
        return " ".join(words)

    def fields(self) -> dict[str, Any]:
        return refresh_body.to_json(refresh_body.read(Reader(self.data, 19)))


class RouteRefreshCisco(RouteRefresh, type=ROUTE_REFRESH_CISCO):
    """Cisco's message from before RFC 2918: the same body under type 128 (capability 128)."""

    __slots__ = ()
