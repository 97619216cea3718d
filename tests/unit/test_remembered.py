"""What is made once of each key, and forgotten when there is no more room."""

from __future__ import annotations

from bgpwire.remembered import Remembered


def test_made_once() -> None:
    made: list[int] = []

    def double(key: int) -> int:
        made.append(key)
        return 2 * key

    remembered = Remembered(double, 2)
    assert [remembered[key] for key in (1, 2, 1, 2)] == [2, 4, 2, 4]
    assert made == [1, 2]
    assert remembered[3] == 6
    assert dict(remembered) == {3: 6}
    assert remembered[1] == 2
    assert made == [1, 2, 3, 1]
