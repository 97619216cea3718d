"""Many small cases in one test: to start and report a test takes pytest longer than most of them take."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from support.vectors import Vector

ONLY: list[str] = []
"""What ``--case`` asks for: a word that is in the names of the cases to be run."""
APART: list[bool] = []
"""Not empty where ``--apart`` asks for a test for each case: who counts cases asks so."""


def each(
    names: str,
    cases: Iterable[Any],
    *,
    of: Callable[[Any], str] | None = None,
    ids: Callable[[Any], str] = repr,
    marks: Callable[[Any], list[Any]] = lambda case: [],
) -> Callable[[Callable[..., None]], Any]:
    """As ``pytest.mark.parametrize``, but one test runs all cases, or all for which ``of`` says the same word.

    Every case runs, whatever is found in those before it; what fails names its case. ``return`` ends a case, and none
    may be skipped. A case that has marks is a test of its own.
    """
    arguments = [name.strip() for name in names.split(",")]
    groups: dict[Any, list[Any]] = {}
    for number, case in enumerate(cases):
        name: Any = ids(case) if marks(case) else of(case) if of else "all"
        groups.setdefault((ids(case), number) if APART else name, []).append(case)

    def decorate(test: Callable[..., None]) -> Any:
        @wraps(test)
        def run(*, cases: list[Any], **fixtures: Any) -> None:
            faults: dict[str, BaseException] = {}
            for case in cases:
                name = ids(case)
                if not all(word in name for word in ONLY):
                    continue
                try:
                    values = (case,) if len(arguments) == 1 else case
                    test(**fixtures, **dict(zip(arguments, values, strict=True)))
                except pytest.skip.Exception:
                    faults[name] = AssertionError(f"{name} was skipped, and that shows nowhere")
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"the case: {name}")
                    faults[name] = error
            if len(faults) == 1:
                raise faults.popitem()[1]
            if faults:
                raise BaseExceptionGroup(
                    f"{len(faults)} of {len(cases)} cases: {', '.join(faults)}", [*faults.values()]
                )

        found = signature(test)
        kept = [one for one in found.parameters.values() if one.name not in arguments]
        cases_last = Parameter("cases", Parameter.KEYWORD_ONLY)
        run.__signature__ = found.replace(parameters=[*kept, cases_last])  # type: ignore[attr-defined]
        parameters = [
            pytest.param(some, id="-".join(map(str, name)) if APART else name, marks=marks(some[0]))
            for name, some in groups.items()
        ]
        return pytest.mark.parametrize("cases", parameters)(run)

    return decorate


@contextmanager
def case(name: str) -> Iterator[None]:
    """What fails in here names its case: for a loop inside a test of hypothesis."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"the case: {name}")
        raise


def of_vectors(vectors: Iterable[Vector], *, xfail: bool = False) -> Callable[[Callable[..., None]], Any]:
    """The case is ``vector``; those in one folder of tests/vectors are one test. ``xfail`` heeds what they say."""
    marks = _marks if xfail else lambda vector: []
    return each("vector", vectors, of=lambda vector: vector.path.parent.name, marks=marks)


def _marks(vector: Vector) -> list[Any]:
    return [pytest.mark.xfail(reason=vector.xfail, strict=True)] if vector.xfail else []
