"""The kernel that makes other people's objects of prefixes: its twins agree, on well-formed octets and on others."""

from __future__ import annotations

import gc
import random
import sys
from importlib import import_module
from itertools import product
from typing import Any

import pytest


class Slotted:
    """As ExaBGP 6.0 writes its NLRI."""

    __slots__ = ("bits", "constant", "hop", "labels", "never", "path", "wire")

    def __init__(self) -> None:
        raise AssertionError("__init__ is not to run")


class Plain:
    """As 5.0 does."""


class Frozen:
    """As a frozen dataclass is."""

    __slots__ = ("hop", "inner")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


def make(impl: Any, **options: Any) -> Any:
    kernels = import_module(f"{impl.__name__}.compat.kernels")
    part = import_module(f"{impl.__name__}.value.nlri_parts").Part
    plain = {"address": part.ADDRESS}
    if options.get("labelled"):
        plain |= {"stack": part.STACK_PLAIN, "size": part.STACK_SIZE}
        plain |= {"numbers": part.LABELS, "raw": part.NO_RAW_LABELS, "whole": part.WIRE_PLAIN}
    if options.get("distinguished"):
        plain["rd"] = part.DISTINGUISHER
    slotted = kernels.Blueprint(
        Slotted,
        {
            "wire": part.WIRE,
            "path": part.PATH_ID,
            "bits": part.BITS,
            "labels": kernels.Blueprint(Plain, plain),
            "constant": 7,
        },
        leaf=True,
    )
    blueprint = kernels.Blueprint(Frozen, {"inner": slotted, "hop": part.EXTRA})
    options.setdefault("longest", 32)
    return kernels.PrefixBuilder(blueprint, **options)


def tell(made: Frozen) -> Any:
    inner = made.inner
    assert not hasattr(inner, "never")
    assert not hasattr(inner, "hop")
    return made.hop, inner.wire, inner.path, inner.bits, vars(inner.labels), inner.constant


def test_one_of_each(impl: Any) -> None:
    octets = bytes.fromhex("000000078400012e00023f01020304050607080a0120")
    builder = make(impl, add_path=True, labelled=True, distinguished=True)
    (made,) = builder.all(octets, 0, len(octets), "hop")
    assert tell(made) == (
        "hop",
        octets,
        octets[:4],
        20,
        {
            "address": bytes((10, 1, 32, 0)),
            "stack": bytes.fromhex("000120000231"),
            "size": 6,
            "numbers": [18, 35],
            "raw": [None, None],
            "whole": octets[:5] + bytes.fromhex("000120000231") + octets[11:],
            "rd": octets[11:19],
        },
        7,
    )
    made, end = builder.one(octets + b"rest", 0, len(octets) + 4, "hop")
    assert end == len(octets)
    assert tell(made)[1] == octets


@pytest.mark.parametrize("octets", ["21 0a000000", "18 0a00", "08"])
def test_what_is_not_well_formed_gives_none(impl: Any, octets: str) -> None:
    wire = bytes.fromhex(octets)
    builder = make(impl)
    assert builder.all(wire, 0, len(wire)) is None
    assert builder.one(wire, 0, len(wire)) is None
    assert builder.all(b"", 0, 0) == []
    assert builder.one(b"", 0, 0) is None


def test_parts_that_are_not_there_are_refused(impl: Any) -> None:
    kernels = import_module(f"{impl.__name__}.compat.kernels")
    part = import_module(f"{impl.__name__}.value.nlri_parts").Part
    for source, match in ((part.DISTINGUISHER, "distinguisher"), (part.STACK_PLAIN, "labels")):
        blueprint = kernels.Blueprint(Frozen, {"inner": kernels.Blueprint(Plain, {"it": source}), "hop": part.EXTRA})
        with pytest.raises(ValueError, match=match):
            kernels.PrefixBuilder(blueprint, 32)


def test_bounds_are_checked(impl: Any) -> None:
    builder = make(impl)
    with pytest.raises(ValueError, match="no octets"):
        builder.all(b"\x00", 0, 2)
    with pytest.raises(ValueError, match="no octets"):
        builder.one(b"\x00", -1, 1)
    with pytest.raises(TypeError):
        builder.all(bytearray(1), 0, 1)


def test_objects_are_freed(impl: Any) -> None:
    builder = make(impl)
    gc.collect()
    hop = object()
    made = builder.all(b"\x18\x0a\x00\x00" * 100, 0, 400, hop)
    assert [one.hop is hop for one in made] == [True] * 100
    if hasattr(sys, "getrefcount"):
        held = sys.getrefcount(hop)
        del made
        assert sys.getrefcount(hop) <= held - 100


def test_twins_agree(both: list[Any]) -> None:
    dice = random.Random(8277)
    for options in product((False, True), repeat=5):
        names = ("add_path", "labelled", "distinguished", "withdraw", "one_label")
        chosen = dict(zip(names, options, strict=True))
        for longest in (32, 128):
            cases = [dice.randbytes(dice.randint(0, 40)) for _ in range(60)]
            cases += [
                (b"\x00" * 4 if chosen["add_path"] else b"") + bytes((dice.randint(24, 130),)) + dice.randbytes(24)
                for _ in range(60)
            ]
            cases += [case[:5] + b"\x80\x00\x00" + case[8:] for case in cases[:30]]
            answers = []
            for loaded in both:
                with loaded.active() as impl:
                    builder = make(impl, longest=longest, **chosen)
                    answer = []
                    for case in cases:
                        run = builder.all(case, 0, len(case), None)
                        one = builder.one(case, 0, len(case), None)
                        answer.append((run and list(map(tell, run)), one and (tell(one[0]), one[1])))
                    answers.append(answer)
            assert all(answer == answers[0] for answer in answers), (chosen, longest)
