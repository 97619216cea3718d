"""Messages and path attributes of made values: see :mod:`support.made_values`."""

from __future__ import annotations

from typing import Any

from support.made_values import Maker

PREFIXES = ((1, 1), (2, 1), (1, 4), (2, 4), (1, 128), (2, 128))
"""Families whose NLRI the kernels write."""
OTHERS = ((25, 70), (1, 73), (1, 133), (2, 134), (1, 85))
"""Some of those that are declared: EVPN, SR Policy, FlowSpec and that of VPNs, MUP."""


class MessageMaker(Maker):
    """Makes what stands in messages too."""

    def _ErroneousAttribute(self, field: Any, record: Any) -> dict[str, Any]:
        return {
            "flags": self.pick((0x40, 0x50, 0xC0, 0xD0)),
            "code": self.draw(256),
            "value": self.octets(self.draw(9)),
        }

    def _Communication(self, field: Any, record: Any) -> dict[str, Any]:
        return {"communication": self.octets(self.draw(9)).decode("utf-8", "replace")}

    def _HardReset(self, field: Any, record: Any) -> dict[str, Any]:
        from bgpwire.message.notification_data import specified

        code, subcode, _ = self.pick(specified()[:-1])
        inner = field._data(code, subcode)
        return {"code": code, "subcode": subcode, "data": self.value(inner.kinds[0].kinds[0])}

    def _Refresh(self, field: Any, record: Any) -> dict[str, Any]:
        return {"message": self.package.RouteRefresh.build(self.family(), self.draw(3))}

    def _CapabilityField(self, field: Any, record: Any) -> Any:
        return self.capability()

    def _EntriesField(self, field: Any, record: Any) -> Any:
        from bgpwire.message.orf import Filter
        from bgpwire.message.orf_entry import REMOVE_ALL

        entries = self.value(field.kinds[0])
        reading = "rfc5291" if any(entry["action"] == REMOVE_ALL for entry in entries) else None
        return Filter(field._kind, entries, b"", reading)

    def family(self) -> tuple[int, int]:
        afi, safi = self.pick(PREFIXES + OTHERS)
        return afi, safi

    def capability(self) -> Any:
        """One of those that are registered, or of a code that is not."""
        from bgpwire.capability.base import FieldCapability, decode_capability
        from bgpwire.registry import CAPABILITIES

        code = self.pick([*sorted(CAPABILITIES.listed), 200])
        cls = CAPABILITIES[code]
        if cls is None or not issubclass(cls, FieldCapability):
            return decode_capability(code, self.octets(self.draw(6)), 0)
        return cls.of_values(code, **self.value(cls.field))

    def filters(self, afi: int) -> dict[str, Any]:
        """When to refresh, and the filters of a request."""
        from bgpwire.message.orf import EntriesField, Orf
        from bgpwire.message.orf_entry import entries_of

        kinds = [kind for kind in (1, 2, 3, 9, 64, 65, 68, 128) if entries_of(kind, afi) is not None]
        made = self.some(lambda: self.value(EntriesField(self.pick(kinds), afi)))
        form: dict[str, Any] = Orf(afi).to_json({"when_to_refresh": self.pick(("immediate", "defer")), "filters": made})
        return form

    def nlri(self, family: tuple[int, int], path_id: bool, labels: int) -> Any:
        """One NLRI, with a path identifier where it has to have one, and so many labels at most."""
        package = self.package
        number = int.from_bytes(self.octets(4)) if path_id else None
        if family in PREFIXES:
            afi, safi = family
            bits = self.draw(33 if afi == 1 else 129)
            address = package.Address.from_bytes(self.octets(4 if afi == 1 else 16))
            prefix = package.Prefix(f"{address}/{bits}")
            if safi == 1:
                return package.Prefix(str(prefix), number)
            # The length counts their bits too, in one octet.
            count = min(1 + self.draw(labels), (255 - bits - 64 * (safi == 128)) // 24)
            stack = package.LabelStack("/".join(str(int.from_bytes(self.octets(2))) for _ in range(count)))
            if safi == 4:
                return package.LabelledPrefix(stack, prefix, number)
            return package.VpnPrefix(stack, f"{self.draw(256)}:{self.draw(256)}", prefix, number)
        return self.route(family, number)

    def route(self, family: tuple[int, int], path_id: int | None) -> Any:
        """One route of a declared family."""
        from bgpwire.nlri.base import NlriContext
        from bgpwire.registry import NLRI

        context = NlriContext(*family)
        root = NLRI[family]
        kinds = [*getattr(root, "types", {0: root}).values()]

        def make() -> Any:
            kind = self.pick(kinds)
            values = self.value(kind.layout_of(context))
            try:
                made = kind.of_values(
                    context, path_id, **{name: value for name, value in values.items() if value is not None}
                )
            except ValueError:  # values that do not go together
                return None
            return None if getattr(made, "error", None) else made

        return self.until(make, lambda route: route is not None)

    def attributes(self) -> dict[str, Any]:
        """Path attributes by the names that ``Update.announce`` has for them."""
        package, u32 = self.package, lambda: int.from_bytes(self.octets(4))
        # The numbers of confederations (RFC 5065) are small, for AS4_PATH has no place for them (RFC 6793 section 3).
        kinds = self.pick(("{0}", "{0} {1}", "{0} {{{1},{2}}}", "(64512 65535) {2}", "[64512] {1}", ""))
        makes: dict[str, Any] = {
            "origin": lambda: self.pick(("igp", "egp", "incomplete")),
            "as_path": lambda: kinds.format(*(1 + u32() % 4_294_967_295 for _ in range(3))),
            "med": u32,
            "local_pref": u32,
            "atomic_aggregate": lambda: True,
            "aggregator": lambda: (1 + self.draw(255) * 1000, package.Address.from_bytes(self.octets(4))),
            "communities": lambda: [package.Community.from_int(u32()) for _ in range(1 + self.draw(80))],
            "originator_id": lambda: package.Address.from_bytes(self.octets(4)),
            "cluster_list": lambda: [package.Address.from_bytes(self.octets(4))],
            "extended_communities": lambda: [package.ExtendedCommunity.from_bytes(self.octets(8))],
            "large_communities": lambda: [package.LargeCommunity.from_bytes(self.octets(12))],
            "only_to_customer": u32,
        }
        return {name: make() for name, make in makes.items() if self.draw(2)}
