"""Who decodes what: the tables from a code to its decoder, filled when a code is first met.

A new attribute, family or capability is one class in one file, entered by the decorators below, and one row in
``_ATTRIBUTES``, ``_NLRI`` or ``_CAPABILITIES``: the file, and the codes it decodes. The kernels and the collections
look here for whatever they do not decode themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from importlib import import_module
from typing import Any, Final, NamedTuple

from bgpwire.afi_safi import IP, Afi, Safi, families
from bgpwire.errors import Action
from bgpwire.numbers import CAPABILITIES as CAPABILITY_NAMES
from bgpwire.numbers import attribute as attribute_codes

_ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    "aggregator": ("aggregator", "as4_aggregator"),
    "aigp": ("aigp",),
    "atomic_aggregate": ("atomic_aggregate",),
    "attr_set": ("attr_set",),
    "bfd_discriminator": ("bfd_discriminator",),
    "bgp_ls": ("bgp_ls_attribute",),
    "bgpsec_path": ("bgpsec_path",),
    "bier": ("bier",),
    "community_container": ("bgp_community",),
    "d_path": ("d_path",),
    "historic": (
        *("dpa", "advertiser", "rcid_path", "safi_specific_attribute", "connector_attribute", "as_pathlimit"),
    ),
    "ipv6_extended_communities": ("ipv6_address_specific_extended_communities",),
    "mp_reach": ("mp_reach_nlri",),
    "mp_unreach": ("mp_unreach_nlri",),
    "next_hop_characteristics": ("next_hop_dependent_characteristics",),
    "only_to_customer": ("only_to_customer",),
    "originator": ("originator_id", "cluster_list"),
    "pe_distinguisher_labels": ("pe_distinguisher_labels",),
    "pmsi_tunnel": ("pmsi_tunnel",),
    "prefix_sid": ("bgp_prefix_sid",),
    "sfp": ("sfp_attribute",),
    "traffic_engineering": ("traffic_engineering",),
    "tunnel_encapsulation": ("tunnel_encapsulation",),
}
"""The files of ``bgpwire.attribute`` and the attributes in each, by the names of :data:`bgpwire.numbers.ATTRIBUTES`."""

_NLRI: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "bgp_ls": families([Afi.BGP_LS], Safi.BGP_LS, Safi.BGP_LS_VPN, Safi.BGP_LS_SPF),
    "car": families(IP, Safi.CAR, Safi.VPN_CAR),
    "endpoint": (*families(IP, Safi.ENCAPSULATION, Safi.TUNNEL), *families([Afi.IPV4], Safi.MDT)),
    "evpn": families([Afi.L2VPN], Safi.EVPN),
    "flowspec": families((*IP, Afi.L2VPN), Safi.FLOWSPEC, Safi.FLOWSPEC_VPN),
    "l2vpn": families([Afi.L2VPN], Safi.MS_PW, Safi.VPLS, Safi.MPLS_VPN),
    "mcast": (*families(IP, Safi.MCAST_VPN, Safi.MCAST_TREE), *families([Afi.L2VPN], Safi.MCAST_VPLS)),
    "mup": families(IP, Safi.MUP),
    "nsap": families([Afi.NSAP], Safi.UNICAST, Safi.MPLS_VPN),
    "opaque": ((16397, 241),),  # private, of GoBGP
    "routing_policy": families(IP, Safi.ROUTING_POLICY),
    "rtc": families([Afi.IPV4], Safi.ROUTE_TARGET),
    "sd_wan": families(IP, Safi.SD_WAN),
    "sfc": families([Afi.SFC], Safi.SFC),
    "sr_policy": families(IP, Safi.SR_POLICY),
    "vpn_prefix": families(IP, Safi.MULTICAST_VPN, Safi.VPN_AUTO_DISCOVERY),
}
"""The files of ``bgpwire.nlri`` and the families, (AFI, SAFI), in each."""

_CAPABILITIES: Final[dict[str, tuple[str, ...]]] = {
    "add_path": ("add_path",),
    "asn4": ("4_octet_as",),
    "extended_next_hop": ("extended_next_hop",),
    "flag": (
        *("route_refresh", "multiple_routes_to_a_destination", "extended_message", "enhanced_route_refresh"),
        *("bfd_strict_mode", "link_local_next_hop", "prestandard_route_refresh", "prestandard_operational"),
    ),
    "graceful_restart": ("graceful_restart", "long_lived_graceful_restart"),
    "multiprotocol": ("multiprotocol",),
    "outbound_route_filtering": (
        "outbound_route_filtering",
        "prestandard_outbound_route_filtering",
        "prestandard_outbound_route_filtering_cisco",
    ),
    "session_options": (
        *("bgpsec", "multiple_labels", "bgp_role", "dynamic_capability_deprecated", "dynamic_capability"),
        *("multisession", "prestandard_multisession", "routing_policy_distribution", "fqdn", "prestandard_fqdn"),
        *("software_version", "paths_limit"),
    ),
}
"""The files of ``bgpwire.capability`` and the capabilities in each, by the names of
:data:`bgpwire.numbers.CAPABILITIES`."""

_EXTENDED_COMMUNITIES: Final[dict[str, tuple[int, ...]]] = {
    "evpn": (0x06,),
    "flowspec": (0x07, 0x08, 0x09, 0x47, 0x80, 0x81, 0x82),
    "opaque": (0x03, 0x43),
    "specific": (0x00, 0x01, 0x02, 0x40, 0x41, 0x42),
    "vendor": (0x04, 0x05, 0x0A, 0x0B, 0x0C, 0x44, 0x45, 0x4A, 0x80, 0x88),
}
"""The files of ``bgpwire.extended_community`` and the type octets in each; both of two have some of 0x80."""


class AttributeEntry(NamedTuple):
    """What the decoder must know of an attribute before it looks at its value."""

    code: int
    name: str
    flags: int | None
    """The Optional and Transitive bits (0xc0) the specification fixes; ``None``: not checked."""
    action: Action
    """What RFC 7606 asks when the value is malformed."""
    decode: Callable[[Any, Any], Any] | None
    """``decode(reader, attributes)``; ``None`` where the kernel decodes the value, or nothing does."""
    owner: type | None = None
    """The class that ``decode`` is of; where the value is declared its ``field_of(attributes)`` is the field."""


class Registry[K: Hashable, V](dict[K, V | None]):
    """``table[code]`` is the entry of a code, ``None`` for a code without one; it never raises KeyError.

    ``files`` of the package ``room`` enter the codes they name when they are imported, which is when one of their codes
    is first looked up. An entry shows only when its module is whole: a second thread waits for that, and meets no
    decoder that is half made. A code that no file names costs no import and is not remembered, so no input makes the
    table grow. ``known`` are entries of codes without a file. What shows the whole table (iteration, ``items()``,
    ``len()`` …) imports the whole table.
    """

    __slots__ = ("_entered", "_known", "_modules", "_room", "listed")
    listed: set[Hashable]
    """The codes of files, the known ones, and those entered. Any other has no entry: to see that here takes a fifth of
    the time of a look-up."""

    def __init__(self, room: str, files: Mapping[str, Iterable[Hashable]], known: Mapping[K, V] | None = None) -> None:
        self._room = room
        self._known: Mapping[K, V] = known or {}
        self._entered: dict[K, V] = {}
        self._modules: dict[Hashable, tuple[str, ...]] = {}
        for file, codes in files.items():
            for code in codes:
                self._modules[code] = (*self._modules.get(code, ()), f"bgpwire.{room}.{file}")
        self.listed = {*self._modules, *self._known}

    def modules(self, code: K) -> tuple[str, ...]:
        """The modules that may enter ``code``."""
        return self._modules.get(code, ())

    def enter(self, code: K, entry: V, module: str | None = None) -> None:
        """What ``module`` has for ``code``. ValueError if the code has an entry, or is another module's."""
        owners = self.modules(code)
        if code in self._entered or (owners and module is not None and module not in owners):
            raise ValueError(f"{self._room} {code!r} is registered twice")
        self._entered[code] = entry
        self.listed.add(code)
        self.pop(code, None)

    def __missing__(self, code: K) -> V | None:
        modules = self.modules(code)
        for module in modules:
            import_module(module)
        entry = self._entered.get(code)
        if entry is None and not modules:
            entry = self._known.get(code)
        if entry is not None:
            self[code] = entry
        return entry

    def __setitem__(self, code: K, entry: V | None) -> None:
        self.listed.add(code)
        super().__setitem__(code, entry)

    def fill(self) -> None:
        """Import every module there is."""
        for modules in self._modules.values():
            for module in modules:
                import_module(module)
        for code in (*self._known, *self._entered):
            self[code]

    def get(self, code: K, default: Any = None) -> Any:
        entry = self[code]
        return default if entry is None else entry

    def __contains__(self, code: object) -> bool:
        return self[code] is not None  # type: ignore[index]

    def __iter__(self) -> Iterator[K]:
        self.fill()
        return super().__iter__()

    def __len__(self) -> int:
        self.fill()
        return super().__len__()

    def keys(self) -> KeysView[K]:  # type: ignore[override]
        self.fill()
        return KeysView(self)

    def values(self) -> ValuesView[V]:  # type: ignore[override]
        self.fill()
        return ValuesView(self)  # type: ignore[arg-type]

    def items(self) -> ItemsView[K, V]:  # type: ignore[override]
        self.fill()
        return ItemsView(self)  # type: ignore[arg-type]


class _ByType(Registry[int, Any]):
    """Extended communities: the code is ``type << 8 | subtype``, and files name types, which are what is ``listed``."""

    __slots__ = ()

    def modules(self, code: int) -> tuple[str, ...]:
        return self._modules.get(code >> 8, ())


def _numbered(files: Mapping[str, Iterable[str]], names: Mapping[int, str]) -> dict[str, list[int]]:
    """The same files with the codes that ``names`` has for theirs."""
    codes = {name: code for code, name in names.items()}
    return {file: [codes[name] for name in names] for file, names in files.items()}


# Flags: 0x40 well-known (transitive), 0x80 optional non-transitive, 0xc0 optional transitive. The action is what RFC
# 7606 section 7 asks for a malformed value.
_WITHDRAW = Action.TREAT_AS_WITHDRAW
_KERNEL: Final[dict[int, tuple[int | None, Action]]] = {
    attribute_codes.ORIGIN: (0x40, _WITHDRAW),
    attribute_codes.AS_PATH: (0x40, _WITHDRAW),
    attribute_codes.NEXT_HOP: (0x40, _WITHDRAW),
    attribute_codes.MULTI_EXIT_DISC: (0x80, _WITHDRAW),
    attribute_codes.LOCAL_PREF: (0x40, _WITHDRAW),
    attribute_codes.COMMUNITIES: (0xC0, _WITHDRAW),
    attribute_codes.EXTENDED_COMMUNITIES: (0xC0, _WITHDRAW),
    attribute_codes.AS4_PATH: (0xC0, Action.ATTRIBUTE_DISCARD),
    attribute_codes.LARGE_COMMUNITY: (0xC0, _WITHDRAW),
}
"""The attributes that the kernels decode themselves."""

_UNREAD: Final[tuple[int | None, Action]] = (None, Action.ATTRIBUTE_DISCARD)
ATTRIBUTES: Final[Registry[int, AttributeEntry]] = Registry(
    "attribute",
    _numbered(_ATTRIBUTES, attribute_codes.ATTRIBUTES),
    {
        code: AttributeEntry(code, name, *_KERNEL.get(code, _UNREAD), None)
        for code, name in attribute_codes.ATTRIBUTES.items()
    },
)
NLRI: Final[Registry[tuple[int, int], Any]] = Registry("nlri", _NLRI)
CAPABILITIES: Final[Registry[int, Any]] = Registry("capability", _numbered(_CAPABILITIES, CAPABILITY_NAMES))
EXTENDED_COMMUNITIES: Final = _ByType("extended_community", _EXTENDED_COMMUNITIES)


def attribute[T](
    code: int, name: str, flags: int | None = 0xC0, action: Action = Action.TREAT_AS_WITHDRAW
) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.decode(reader, attributes)`` decodes the value of path attribute ``code``."""

    def enter(cls: type[T]) -> type[T]:
        entry = AttributeEntry(code, name, flags, action, cls.decode, cls)  # type: ignore[attr-defined]
        ATTRIBUTES.enter(code, entry, cls.__module__)
        return cls

    return enter


def nlri[T](*codes: tuple[int, int]) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.decode(reader, context)`` reads one NLRI of each (AFI, SAFI) of ``codes``."""

    def enter(cls: type[T]) -> type[T]:
        for afi, safi in codes:
            NLRI.enter((int(afi), int(safi)), cls, cls.__module__)
        return cls

    return enter


def capability[T](*codes: int) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.decode(reader, code)`` reads the value of a capability; its codes are ``cls.codes``."""

    def enter(cls: type[T]) -> type[T]:
        cls.codes = codes  # type: ignore[attr-defined]
        for code in codes:
            CAPABILITIES.enter(code, cls, cls.__module__)
        return cls

    return enter
