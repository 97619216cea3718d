"""Kafka, by aiokafka (``pip install 'bgpwire[kafka]'``): records of topics, each taken before it is committed, and a
producer that keeps no more than so many values waiting.

:func:`bgpwire.live.openbmp.connect` reads BMP by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.live.kafka.config import read_config
    from bgpwire.live.kafka.consuming import Consumer
    from bgpwire.live.kafka.sending import Producer, producer
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "Consumer": "bgpwire.live.kafka.consuming",
            "Producer": "bgpwire.live.kafka.sending",
            "producer": "bgpwire.live.kafka.sending",
            "read_config": "bgpwire.live.kafka.config",
        },
    )

__all__ = ["Consumer", "Producer", "producer", "read_config"]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
