"""What both lines of ExaBGP share: the families, the walk over attributes, and setting class attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bgpwire._impl import check_as_path
from bgpwire._impl import section_ends as _section_ends
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MPLS_LABEL, SAFI_MPLS_VPN, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire.compat.exabgp.counts import Counts
from bgpwire.errors import UpdateMessageError

__all__ = [
    "FAMILIES",
    "LONGEST",
    "NOTHING",
    "Decoder",
    "Family",
    "Line",
    "Remembered",
    "path_is_sound",
    "section_ends",
    "table",
]

Decoder = Callable[..., Any]
"""``(value, …)``, as the line has it, to ExaBGP's object.

``None`` leaves the attribute to ExaBGP, :data:`NOTHING` drops it.
"""

NOTHING: Any = object()
"""What a decoder answers where ExaBGP keeps nothing of an attribute (an empty AS_PATH on 5.0)."""

_OPTIONAL = 0x80
_PARTIAL = 0x20
_FLAGS = 0xE0
"""RFC 4271 section 4.3: the lower four bits "MUST be ignored when received"."""


LONGEST = 40
"""No NLRI of these families has more octets: a path identifier, a length, and 255 bits."""


class Family(NamedTuple):
    """How the prefixes of a family are written: address bits, labels, route distinguisher."""

    longest: int
    labelled: bool
    distinguished: bool


FAMILIES = {
    (AFI_IPV4, SAFI_UNICAST): Family(32, False, False),
    (AFI_IPV4, SAFI_MULTICAST): Family(32, False, False),
    (AFI_IPV4, SAFI_MPLS_LABEL): Family(32, True, False),
    (AFI_IPV4, SAFI_MPLS_VPN): Family(32, True, True),
    (AFI_IPV6, SAFI_UNICAST): Family(128, False, False),
    (AFI_IPV6, SAFI_MULTICAST): Family(128, False, False),
    (AFI_IPV6, SAFI_MPLS_LABEL): Family(128, True, False),
    (AFI_IPV6, SAFI_MPLS_VPN): Family(128, True, True),
}
"""(AFI, SAFI) of what is decoded here; every other family stays with ExaBGP."""


def table(decoders: dict[int, tuple[int, Decoder]]) -> dict[int, Decoder]:
    """From ``{code: (flags, decoder)}`` to ``{flags << 8 | code: decoder}`` of all flags that are accepted.

    Extended length and the four unused bits never matter; partial does not for an optional attribute.
    """
    made: dict[int, Decoder] = {}
    for code, (flags, decoder) in decoders.items():
        mask = _FLAGS & ~_PARTIAL if flags & _OPTIONAL else _FLAGS
        for received in range(256):
            if received & mask == flags:
                made[received << 8 | code] = decoder
    return made


def path_is_sound(value: bytes, width: int) -> bool:
    """Whether ``value`` is path segments of types 1 to 4 of AS numbers of ``width`` octets, and nothing else.

    A segment without an AS number is no fault here: ExaBGP takes it, other than RFC 7606 section 7.2.
    """
    try:
        check_as_path(value, 0, len(value), width == 4, empty=True)
    except UpdateMessageError:
        return False
    return True


def section_ends(data: Any) -> tuple[int, int] | None:
    """Where the withdrawn routes and the attributes of an UPDATE end; ``None`` if its lengths do not fit."""
    if type(data) is not bytes and type(data) is not memoryview:
        return None
    try:
        return _section_ends(bytes(data), 0, len(data))
    except UpdateMessageError:
        return None


class Remembered(dict[Any, Any]):
    """``make(key)``, made once; forgotten all at once when there are ``most``, so that it stays bounded."""

    __slots__ = ("_make", "_most")

    def __init__(self, make: Callable[[Any], Any], most: int = 8192) -> None:
        self._make = make
        self._most = most

    def __missing__(self, key: Any) -> Any:
        made = self._make(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = made
        return made


class Line:
    """One line of ExaBGP: what is set on its classes, and what stood there before."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self._set: list[tuple[type, str, Any, Any]] = []
        self._quiet = 0
        """Above 0 while what is decoded has been said in the log already."""

    def hooks(self) -> list[tuple[type, str, Any]]:
        """``(class, attribute, what to set)`` of everything that is replaced."""
        raise NotImplementedError

    def install(self) -> None:
        """Set the hooks."""
        for owner, name, hook in self.hooks():
            self._set.append((owner, name, hook, owner.__dict__[name]))
            setattr(owner, name, hook)

    def uninstall(self) -> None:
        """Set back what stood there, but where somebody else has put something in place of the hook since."""
        while self._set:
            owner, name, hook, before = self._set.pop()
            if owner.__dict__.get(name) is hook:
                setattr(owner, name, before)

    def outside(self, original: Callable[..., Any], *args: Any) -> Any:
        """Run ExaBGP's own code; the hooks that it meets neither count nor decode prefixes."""
        self.counts.muted += 1
        try:
            return original(*args)
        finally:
            self.counts.muted -= 1

    def aloud(self, decode: Callable[..., Any], original: Callable[..., Any], *args: Any) -> Any:
        """Decode while somebody reads ExaBGP's log of each prefix.

        ExaBGP's own code runs for what it says; what it makes is dropped. If ``decode`` has no answer either,
        that result or error is the answer.
        """
        said: Any = None
        failed: Exception | None = None
        try:
            said = self.outside(original, *args)
        except Exception as error:
            failed = error
        self._quiet += 1
        try:
            made = decode(*args)
        finally:
            self._quiet -= 1
        if made is not None:
            return made
        if failed is not None:
            self.counts.messages_refused += 1
            raise failed
        self.counts.messages_back += 1
        return said

    def hand_back(self, original: Callable[..., Any], *args: Any) -> Any:
        """Let ExaBGP decode a whole message."""
        try:
            made = self.outside(original, *args)
        except Exception:
            self.counts.messages_refused += 1
            raise
        self.counts.messages_back += 1
        return made

    def attribute_back(self, code: int, names: dict[int, str]) -> None:
        """Count an attribute that ExaBGP decodes itself."""
        counts = self.counts
        if not counts.muted:
            counts.attributes_back += 1
            counts.why[f"attribute: {names.get(code, 'unknown')}"] += 1
