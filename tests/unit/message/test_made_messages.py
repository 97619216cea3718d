"""Messages of made values: what is announced and withdrawn in sessions of every shape, OPEN, NOTIFICATION, filters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_messages import OTHERS, PREFIXES, MessageMaker
from support.mutation import examples

if TYPE_CHECKING:
    from collections.abc import Callable

ENTROPY = st.binary(min_size=16, max_size=400)


def alike(both: list[Any], entropy: bytes, make: Callable[[Any, MessageMaker], list[bytes]]) -> None:
    """What ``make`` gives, which looks at it too, is the same from both."""
    found = []
    for one in both:
        with one.active() as package:
            found.append(make(package, MessageMaker(package, entropy)))
    assert all(octets == found[0] for octets in found)


def session_of(package: Any, maker: MessageMaker, family: tuple[int, int]) -> Any:
    """A session of some shape, in which ``family`` is sent."""
    return package.Session(
        asn4=bool(maker.draw(2)),
        extended_message=not maker.draw(4),
        add_path_send={family} if maker.draw(2) else (),
        extended_next_hop={(*family, 2)} if family[0] == 1 and maker.draw(2) else (),
        multiple_labels={family} if family[1] in (4, 128) and maker.draw(2) else (),
        ibgp=maker.pick((None, True)),
    )


def next_hop_of(maker: MessageMaker, family: tuple[int, int], session: Any) -> Any:
    """One that the family may have in the session; flow specifications have none."""
    afi, safi = family
    if safi in (133, 134):
        return None
    return "2001:db8::1" if afi == 2 or session.extended_next_hop else "192.0.2.1"


def routes_in(found: Any) -> tuple[Any, Any]:
    """The attribute that has the routes of an UPDATE, and these; they are of one family, in one place."""
    reach, unreach = found.attributes.mp_reach, found.attributes.mp_unreach
    fields = [field for field in (reach, unreach, found.nlri, found.withdrawn) if field]
    (field,) = fields
    return (field, field.nlri) if field in (reach, unreach) else (None, field)


def check_messages(package: Any, messages: list[Any], session: Any, nlri: list[Any]) -> list[Any]:
    """Sound, as few as can be, and all routes in their order; gives the attributes of the first one."""
    seen: list[Any] = []
    for found in messages:
        assert len(found) <= session.max_message
        again = package.Message.decode(bytes(found), session.reversed())
        assert again == found
        assert again.errors == []
        attribute, routes = routes_in(again)
        codes = [each.code for each in again.attributes]
        assert codes[attribute is not None :] == sorted(codes[attribute is not None :])
        assert attribute is None or codes[0] in (14, 15)
        seen += routes
        if len(seen) < len(nlri):
            more = len(bytes(nlri[len(seen)]))
            size = 0 if attribute is None else len(bytes(attribute))
            assert len(found) + more + (size <= 255 < size + more) > session.max_message, "there was room for one more"
    assert len(seen) == len(nlri)
    return seen


@pytest.mark.parametrize("family", PREFIXES + OTHERS, ids=str)
def test_announce_and_withdraw(both: list[Any], family: tuple[int, int]) -> None:
    @settings(max_examples=examples(4))
    @given(entropy=ENTROPY)
    def check(entropy: bytes) -> None:
        alike(both, entropy, lambda package, maker: _both_ways(package, maker, family))

    check()


def _both_ways(package: Any, maker: MessageMaker, family: tuple[int, int]) -> list[bytes]:
    session = session_of(package, maker, family)
    labels = 3 if session.multiple_labels else 1
    nlri = [maker.nlri(family, bool(session.add_path_send), labels) for _ in range(1 + maker.draw(12))]
    fields = maker.attributes() | {"next_hop": next_hop_of(maker, family, session)}
    (alone,) = package.Update.announce(nlri[:1], **fields).messages(session)
    # So much beside them that few fit into a message.
    room = session.max_message - len(alone) - 4 - max(len(bytes(each)) for each in nlri) - maker.draw(100)
    update = package.Update.announce(nlri, attributes={255: bytes(room)}, **fields)
    messages = update.messages(session)
    assert check_messages(package, messages, session, nlri) == nlri
    _check_attributes(package, messages, fields, session)
    withdrawn = package.Update.withdraw(nlri).messages(session)
    gone = check_messages(package, withdrawn, session, nlri)
    assert [_without_labels(each) for each in gone] == [_without_labels(each) for each in nlri]
    assert all(len(found.attributes) <= 1 for found in withdrawn)
    return [bytes(found) for found in (alone, *messages, *withdrawn)]


def _without_labels(route: Any) -> Any:
    """What a withdrawal says of a route: all but its labels (RFC 8277 section 2.4)."""
    if getattr(route, "labels", None) is None or not hasattr(route, "prefix"):
        return route
    return getattr(route, "rd", None), route.prefix, route.path_id


def _check_attributes(package: Any, messages: list[Any], fields: dict[str, Any], session: Any) -> None:
    """Those that were given, alike in all messages."""
    blocks = [[bytes(each) for each in found.attributes if each.code not in (14, 15)] for found in messages]
    assert all(block == blocks[0] for block in blocks)
    found = messages[0].attributes
    for name in ("communities", "extended_communities"):
        assert list(getattr(found, name) or ()) == fields.get(name, [])
    # RFC 8092 section 5: none of them twice.
    assert list(found.large_communities or ()) == list(dict.fromkeys(fields.get("large_communities", ())))
    for name in ("med", "originator_id"):
        assert getattr(found, name) == fields.get(name)
    assert found.local_pref == fields.get("local_pref", 100 if session.ibgp else None)
    assert found.as_path == package.AsPath(fields.get("as_path", ""))
    assert (6 in found) == ("atomic_aggregate" in fields)
    assert found.origin.name.lower() == fields.get("origin", "igp")
    aggregator = found.aggregator
    assert ((aggregator.asn, aggregator.address) if aggregator else None) == fields.get("aggregator")


def test_open(both: list[Any]) -> None:
    """Capabilities in one parameter, or with lengths of two octets (RFC 9072); each of its values and of its JSON."""

    def make(package: Any, maker: MessageMaker) -> list[bytes]:
        capabilities = maker.some(maker.capability, 12)
        asn = 1 + int.from_bytes(maker.octets(4)) % 4_294_967_295
        hold_time = maker.pick((0, 3, 90, 65535))
        built = package.Open.build(asn, "192.0.2.1", hold_time, capabilities, extended_parameters=bool(maker.draw(2)))
        found = package.Message.decode(bytes(built))
        assert list(found.capabilities[: len(capabilities)]) == capabilities
        assert (found.hold_time, str(found.bgp_id)) == (hold_time, "192.0.2.1")
        if all(each.code != 65 for each in capabilities):
            assert found.effective_asn == asn
        assert package.Message.from_json(json.loads(json.dumps(found.json()))) == built
        return [bytes(built)]

    @settings(max_examples=examples(15))
    @given(entropy=ENTROPY)
    def check(entropy: bytes) -> None:
        alike(both, entropy, make)

    check()


def test_notification(both: list[Any]) -> None:
    """Every one whose data are specified."""

    def make(package: Any, maker: MessageMaker) -> list[bytes]:
        from bgpwire.message.notification_data import specified

        out = []
        for code, subcode, field in specified():
            value = maker.value(field)
            found = package.Notification.of_values(code, subcode, **field.to_json(value))
            assert found.reason_data == field.encode(value)
            assert found.details == (field.to_json(value) if found.reason_data else None)
            form = found.json()
            form.pop("data", None)
            assert package.Message.from_json(json.loads(json.dumps(form))) == found
            out.append(bytes(found))
        return out

    @settings(max_examples=examples(5))
    @given(entropy=ENTROPY)
    def check(entropy: bytes) -> None:
        alike(both, entropy, make)

    check()


def test_filters(both: list[Any]) -> None:
    """ROUTE-REFRESH with outbound route filters of every type."""

    def make(package: Any, maker: MessageMaker) -> list[bytes]:
        out = []
        for afi in (1, 2, 25):
            filters = maker.filters(afi)
            built = package.RouteRefresh.build((afi, 1), filters=filters)
            found = package.Message.decode(bytes(built))
            assert found.errors == []
            assert found.filters == filters
            assert package.Message.from_json(json.loads(json.dumps(found.json()))) == built
            out.append(bytes(built))
        return out

    @settings(max_examples=examples(10))
    @given(entropy=ENTROPY)
    def check(entropy: bytes) -> None:
        alike(both, entropy, make)

    check()
