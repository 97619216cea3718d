"""Names that several formats print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import DecodeError

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes


def malformed_names(attributes: PathAttributes) -> list[str]:
    """The attributes that cannot be read, by name; ``attribute_list`` where their lengths run over the end."""
    out = []
    for attribute in attributes.walk():
        if not attribute.duplicate:
            try:
                attributes[attribute.code]
            except DecodeError:
                out.append(attribute.name)
    if attributes.structure_error is not None:
        out.append("attribute_list")
    return out
