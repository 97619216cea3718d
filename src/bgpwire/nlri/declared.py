"""NLRI that are declared, not programmed: a layout of named fields, and families of route types made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from bgpwire._impl import Address, Prefix, Reader, Writer
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, DecodeError, UpdateMessageError
from bgpwire.field import Field, Layout, Walk, octets, to_json
from bgpwire.field.base import octets_of
from bgpwire.field.joined import Joined
from bgpwire.immutable import fill
from bgpwire.nlri.base import Nlri, NlriContext, OfFamily, UnknownNlri, place
from bgpwire.nlri.label import LABELS
from bgpwire.nlri.parts import Mac, rd
from bgpwire.registry import NLRI

type AnyLayout = Layout | Joined

_BY_LAYOUT: Final = frozenset(("decode", "read", "write", "pack", "values_of"))
"""The methods of a class that go by its layout, if it has none of its own."""


def _not_laid_out(self: Declared) -> None:
    return None


class Declared(Nlri):
    """An NLRI that is its ``layout``: fields one behind the other, each an attribute of the object.

    A field whose name begins with ``_`` is read and forgotten (reserved octets). ``key`` names the fields
    that the text shows, all of them by default.
    """

    layout: ClassVar[AnyLayout] = Layout()
    key: ClassVar[tuple[str, ...] | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "laid_out" not in cls.__dict__ and not _BY_LAYOUT.isdisjoint(cls.__dict__):
            cls.laid_out = _not_laid_out  # type: ignore[method-assign]

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        return cls.read(reader, context)

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        """The fields of the layout."""
        return cls.of(cls.layout_of(context).read(reader))

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        cls.walk_fields(walk, context)

    @classmethod
    def walk_fields(cls, walk: Walk, context: NlriContext) -> None:
        """What :meth:`read` reads, each part by ``walk``."""
        layout = cls.layout_of(context)
        if layout.members:
            layout.walk(walk)
        else:
            walk("value", octets)

    @classmethod
    def layout_of(cls, context: OfFamily) -> AnyLayout:
        """The layout; families whose fields hang on the AFI or the SAFI have several."""
        return cls.layout

    @classmethod
    def schema_of(cls, context: NlriContext) -> dict[str, Any]:
        """The JSON Schemas of the fields, by name."""
        shown: dict[str, Any] = cls.layout_of(context).schema()["properties"]
        return shown

    @classmethod
    def kinds_of(cls, context: NlriContext) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The kinds of NLRI that the family has: members that tell one, and the JSON Schemas of its fields, by name."""
        return [({}, cls.schema_of(context))]

    @classmethod
    def write(cls, writer: Writer, values: Mapping[str, Any], context: NlriContext) -> None:
        """Add the octets that :meth:`read` reads. ValueError or TypeError for what are no values of these fields."""
        layout = cls.layout_of(context)
        if not layout.members:
            raise NotImplementedError(f"{cls.__name__} has no declaration to write")
        layout.write(writer, values)

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        """The octets of a whole NLRI, with what stands in front of the fields."""
        writer = Writer()
        cls.write(writer, values, context)
        return bytes(writer)

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        """The values in a JSON form. ValueError for other forms."""
        layout = cls.layout_of(context)
        members = layout.members
        found: dict[str, Any] = layout.from_json({name: member for name, member in form.items() if name in members})
        return found

    @classmethod
    def kind_of(cls, form: Mapping[str, Any]) -> type[Declared]:
        """The class of the NLRI of a JSON form, of those that the family has."""
        return cls

    @classmethod
    def of_values(cls, context: NlriContext, path_id: int | None = None, /, **values: Any) -> Nlri:
        """The NLRI of these values. ValueError or TypeError for others, and for those that make a malformed route."""
        try:
            octets = cls.pack(values, context)
        except KeyError as error:
            raise ValueError(f"{error.args[0]} is missing") from None
        found = decoded(octets, context, path_id)
        if isinstance(found, MalformedNlri):
            raise ValueError(f"{cls.__name__}: {found.error.reason}")
        return found

    @classmethod
    def from_json(cls, form: Mapping[str, Any], context: NlriContext) -> Nlri:
        """The NLRI that a form of the family is. ValueError for another form, NotImplementedError for families
        that are not declared."""
        path_id = form.get("path_id")
        octets = cls.octets_in(form, context)
        if octets is not None:
            return decoded(octets, context, path_id)
        kind = cls.kind_of(form)
        if kind is Declared:
            raise ValueError(f"no route type {form.get('type')!r}")
        try:
            return kind.of_values(context, path_id, **kind.values_of(form, context))
        except KeyError as error:
            raise ValueError(f"{error.args[0]} is missing") from None
        except (TypeError, AttributeError) as error:
            raise ValueError(f"no {kind.__name__}: {error}") from None

    @classmethod
    def octets_in(cls, form: Mapping[str, Any], context: NlriContext) -> bytes | None:
        """The octets of the whole NLRI where the form has them: ``raw``, or in place of fields ``value``."""
        if "raw" in form:
            return octets_of(form["raw"])
        if "value" in form and ("error" in form or "value" not in cls.kind_of(form).layout_of(context).members):
            return octets_of(form["value"])
        return None

    def json(self) -> dict[str, Any]:
        """The fields, ``path_id`` among them where ADD-PATH is on; ``raw`` where the fields do not say all octets."""
        out = self.fields()
        if not self.restores(out):
            out["raw"] = self.wire.hex()
        if self.path_id is not None:
            out["path_id"] = self.path_id
        return out

    def restores(self, form: Mapping[str, Any]) -> bool:
        """Whether a ``form`` of these fields leads back to the octets. Of fields that cannot write it is not known."""
        data = self.laid_out()
        if data is not None:
            return self.layout_of(self).restores(self._values, data)
        context = NlriContext(self.afi, self.safi)
        try:
            return self.pack(self.values_of(form, context), context) == self.wire
        except NotImplementedError:
            return True
        except (ValueError, TypeError, KeyError):
            return False

    def laid_out(self) -> bytes | None:
        """The octets of the layout, where all in front of them (types, lengths) follows from them and the class.

        ``None`` where it does not, and of a class that reads or writes more than its layout, unless it says otherwise.
        """
        return self.wire if self.layout.members else None

    def replace(self, **changes: Any) -> Any:
        """The same NLRI with other fields or another ``path_id``; with other fields its octets are written anew.

        TypeError for a field that it does not have, ValueError for a value that has no room.
        """
        path_id = changes.pop("path_id", self.path_id)
        if not changes:
            return super().replace(path_id=path_id)
        for name in changes:
            if name not in self._values and not isinstance(getattr(type(self), name, None), property):
                raise TypeError(f"{type(self).__name__} has no {name}")
        values = {name: value for name, value in self._values.items() if name != "error"} | changes
        return self.of_values(NlriContext(self.afi, self.safi), None, **values).replace(path_id=path_id)

    def fields(self) -> dict[str, Any]:
        members = self.layout_of(self).members
        return {
            name: members[name].to_json(value) if name in members else to_json(value)
            for name, value in self._values.items()
            if value is not None
        }

    def __str__(self) -> str:
        names = self._values if self.key is None else self.key
        return "".join(bracketed(getattr(self, name)) for name in names)


class ReadBack(Declared):
    """A declared NLRI of which nothing but its octets says where a field ends: what is built is read back."""

    @classmethod
    def of_values(cls, context: NlriContext, path_id: int | None = None, /, **values: Any) -> Nlri:
        """The NLRI of these values. ValueError or TypeError for others, and for those whose octets say other ones."""
        found = super().of_values(context, path_id, **values)
        for name in cls.layout_of(context).members:
            given, there = (_octets_of(value) for value in (values.get(name), getattr(found, name, None)))
            if given != there:
                raise ValueError(f"{name}: {values.get(name)} is read as {getattr(found, name, None)}")
        return found


def _octets_of(value: Any) -> bytes:
    """The octets of a value; an absent one has none."""
    return b"" if value is None else bytes(value)


type Kind = type[Declared]


class MalformedNlri(UnknownNlri):
    """One route whose length is known and whose fields are not what its type says: kept whole, with its ``error``.

    The routes beside it are not touched. RFC 7606 section 5.3 allows treat-as-withdraw as long as NLRI can be
    distinct, and RFC 9136 section 3.1 asks for it.
    """

    error: DecodeError

    def __init__(self, type: int | None, error: DecodeError) -> None:
        fill(self, "_values", {"type": type, "error": malformed(error)})

    def fields(self) -> dict[str, Any]:
        return super().fields() | {"error": self.error.json()}


def malformed(error: DecodeError) -> DecodeError:
    """The error as an UPDATE error whose route is to be withdrawn."""
    return UpdateMessageError(error.reason, error.offset, None, OPTIONAL_ATTRIBUTE, Action.TREAT_AS_WITHDRAW)


def whole(cls: type[Declared], body: Reader, context: NlriContext, kind: int | None = None) -> Nlri:
    """The NLRI that is all of ``body``; where it is not, one that says why."""
    try:
        value = cls.read(body, context)
        if len(body):
            raise DecodeError(f"{len(body)} octets too many", body.offset)
    except DecodeError as error:
        return MalformedNlri(kind, error)
    return value


class Sized(Declared):
    """A family whose NLRI stand behind their length: ``size`` reads it and says how many octets they are."""

    size: ClassVar[Field]

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        body = super().pack(values, context)
        return cls.size.encode(len(body)) + body

    def laid_out(self) -> bytes | None:
        width = self.size.width
        if width is None:
            return None
        body = self.wire[width:]
        return body if self.size.restores(len(body), self.wire[:width]) else None

    @classmethod
    def kind_in(cls, body: Reader) -> type[Declared]:
        """Which class the octets behind the length are, which stay there; families of several say it."""
        return cls

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        body = reader.sub(cls.size.read(reader))
        return whole(cls.kind_in(body), body, context)

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        body = walk.sub(walk.length(cls.size))
        kind = cls.kind_in(body.reader)
        body.whole(lambda inner: kind.walk_fields(inner, context))


def decoded(wire: bytes, context: NlriContext, path_id: int | None) -> Nlri:
    """The one NLRI of a family that ``wire`` is."""
    reader = Reader(wire)
    family: type[Nlri] = NLRI[context.afi, context.safi] or UnknownNlri
    route = family.decode(reader, context)
    if len(reader):
        raise DecodeError(f"{len(reader)} octets too many", reader.offset)
    return place(route, (wire, context.afi, context.safi, path_id))  # type: ignore[no-any-return]


def walk_decoded(walk: Walk, route: Any) -> None:
    """The octets of a prefix that has been decoded as ``route``: labels and route distinguisher where it has them."""
    labels = getattr(route, "labels", None)
    if labels is not None:
        walk.bounded("labels", len(bytes(labels)), LABELS.walk)
    if getattr(route, "rd", None) is not None:
        walk("rd", rd)
    walk.part("prefix", octets.walk, lambda _: str(getattr(route, "prefix", route)))


def bracketed(value: Any) -> str:
    """One field of a route's text. Addresses have their length in bits in front, as on the wire.

    The convention is that of IOS XR and FRR (``show bgp l2vpn evpn``), which FRR strings with colons.
    """
    match value:
        case None:
            return ""
        case Address():
            return f"[{len(bytes(value)) * 8}][{value}]"
        case Prefix():
            return f"[{value.length}][{value.address}]"
        case Mac():
            return f"[48][{value}]"
        case str("*"):  # values beside text warn
            return "[0][*]"
        case bytes():
            return f"[{value.hex()}]"
        case list() | tuple():
            return "".join(map(bracketed, value))
    return f"[{value}]"
