"""The block of path attributes as a field: the header of each (RFC 4271 section 4.3), and the field of its value."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import PathAttributes
from bgpwire.attribute.kernel_fields import kernel_field
from bgpwire.capability.fields import family_in
from bgpwire.errors import EncodeError
from bgpwire.field import UNKNOWN, Field, flags, octets, u8, u16
from bgpwire.field.base import integer_of, items_of, members_of, octets_of, of_form
from bgpwire.field.form_error import WRONG, each, member
from bgpwire.nlri.routes import session_of
from bgpwire.numbers import attribute as codes
from bgpwire.registry import ATTRIBUTES
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.attributes import attribute_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bgpwire._impl import Reader, Writer
    from bgpwire.field import Walk

_FLAGS: Final = flags("optional", "transitive", "partial", "extended_length")
_EXTENDED_LENGTH: Final = 0x10
_MP: Final = frozenset({codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI})


class Block(Field):
    """All that is left, the path attributes of one UPDATE in ``session``.

    JSON is the list of :meth:`bgpwire.PathAttributes.json`; what runs over the end of the block is not in it.
    """

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        super().__init__(self._read, exact=False)
        self._session = session

    def _read(self, reader: Reader) -> PathAttributes:
        at = reader.offset
        return PathAttributes(reader.rest(), 0, None, self._session, at)

    def walk(self, walk: Walk) -> PathAttributes:
        """Of several attributes with one code the first is decoded (RFC 7606 section 3 g)."""
        block = PathAttributes(walk.reader.ahead(len(walk)), 0, None, self._session, walk.reader.offset)
        seen: set[int] = set()
        while len(walk) > 2:
            code = walk.reader.ahead(2)[1]
            name, field = ("duplicate", octets) if code in seen else ("value", value_field(code, block))
            if field is None:
                name, field = UNKNOWN, octets
            walk.part(attribute_name(code), partial(_walk_one, name=name, field=field))
            seen.add(code)
        return block

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value))

    def to_json(self, value: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = value.json()
        return found

    def from_json(self, form: Any) -> PathAttributes:
        """What some values are hangs on the routes beside them (RFC 9552 section 5.3, RFC 6514 section 8), so those
        come first."""
        items = each(members_of, items_of(form))
        block = PathAttributes(b"", 0, None, self._session)
        # Where these are wrong, they are so below too, which says where they stand.
        with suppress(*WRONG):
            routes = [item for item in items if item.get("code") in _MP]
            block = self._of(routes, block)
        return self._of(items, block)

    def _of(self, items: Iterable[Mapping[str, Any]], block: PathAttributes) -> PathAttributes:
        wire = b"".join(each(lambda item: attribute_octets(item, block), items))
        return PathAttributes(wire, 0, None, self._session)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/attributes"}


def path_attributes(form: Any, session: Session | None = None) -> PathAttributes:
    """The path attributes of their JSON form. ValueError for other forms.

    Without a ``session`` it is one of 4-octet AS numbers, whose routes have path identifiers and several labels where
    those of the form have them.
    """

    def read(form: Any) -> PathAttributes:
        return Block(session_of_attributes(form) if session is None else session).from_json(form)

    return of_form(read, form)


def session_of_attributes(form: Any) -> Session:
    """The session of an UPDATE, as far as the forms of the routes in its attributes tell it."""
    add_path: frozenset[tuple[int, int]] = frozenset()
    multiple_labels = add_path
    for item in items_of(form):
        if item.get("code") in _MP and "afi" in item["value"]:
            value = item["value"]
            found = session_of(value.get("nlri"), *family_in(value))
            add_path |= found.add_path
            multiple_labels |= found.multiple_labels
    return Session(add_path=add_path, multiple_labels=multiple_labels)


def value_field(code: int, block: PathAttributes) -> Field | None:
    """The field of the value of attribute ``code``, which may hang on the other attributes of ``block``.

    ``None`` for one that is not known, and where a class of another package has no more than ``decode()``.
    """
    field = kernel_field(code, block)
    if field is not None:
        return field
    entry = ATTRIBUTES[code]
    owner = None if entry is None else entry.owner
    field_of = getattr(owner, "field_of", None)
    return getattr(owner, "field", None) if field_of is None else field_of(block)


def attribute_octets(form: Mapping[str, Any], block: PathAttributes) -> bytes:
    """The octets of one attribute, header included, of its JSON form among those of ``block``; ValueError and others
    for other forms. ``flags`` are those that its specification says where the form has none."""
    code = member(integer_of, form, "code")
    value = _value_octets(code, form, block)
    if "flags" in form:
        bits = integer_of(form["flags"])
    else:
        entry = ATTRIBUTES[code]
        if entry is None or entry.flags is None:
            raise ValueError(f"{attribute_name(code)}: which flags it has is not known")
        bits = entry.flags | (_EXTENDED_LENGTH if len(value) > 255 else 0)
    extended = bits & _EXTENDED_LENGTH
    if len(value) > (0xFFFF if extended else 0xFF):
        raise ValueError(f"{attribute_name(code)}: {len(value)} octets have no room with flags {bits}")
    return bytes((bits, code)) + len(value).to_bytes(2 if extended else 1) + value


def attribute_wire(flags: int, code: int, value: bytes) -> bytes:
    """A whole attribute, its length extended exactly where that is needed. :class:`bgpwire.EncodeError` for a value of
    more than 65,535 octets."""
    size = len(value)
    if size <= 0xFF:
        return bytes((flags & ~_EXTENDED_LENGTH, code, size)) + value
    if size > 0xFFFF:
        raise EncodeError(attribute_name(code), size, 0xFFFF)
    return bytes((flags | _EXTENDED_LENGTH, code)) + size.to_bytes(2) + value


def _value_octets(code: int, form: Mapping[str, Any], block: PathAttributes) -> bytes:
    if "raw" in form:
        return octets_of(form["raw"])
    value = member(lambda value: value, form, "value")
    if "error" in form or "duplicate" in form:
        return octets_of(members_of(value)["value"])
    if isinstance(value, dict) and "raw" in value:
        return octets_of(value["raw"])
    entry = ATTRIBUTES[code]
    value_of = getattr(None if entry is None else entry.owner, "value_of", None)
    if value_of is not None:
        return member(lambda value: value_of(value, block), form, "value")  # type: ignore[no-any-return]
    field = value_field(code, block)
    if field is None:
        return octets_of(members_of(value)["value"])
    return member(field.encode_json, form, "value")


def value_octets(code: int, form: Any, session: Session = DEFAULT_SESSION) -> bytes:
    """The octets of the value of attribute ``code`` of its JSON form, which hangs on no other attribute. ValueError for
    other forms."""
    block = PathAttributes(b"", 0, None, session)
    return of_form(lambda form: _value_octets(code, form, block), {"value": form})


def _walk_one(walk: Walk, name: str, field: Field) -> None:
    extended = walk.reader.peek() & _EXTENDED_LENGTH
    walk("flags", _FLAGS)
    walk("type", u8)
    walk.bounded(name, walk("length", u16 if extended else u8), field.walk, field.to_json)
