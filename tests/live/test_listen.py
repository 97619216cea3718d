"""``bgpwire listen`` beside real programs: a broker of Kafka's protocol, and routers that speak without end."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from broker import HOST, Broker
from door import Door
from support import made_bmp as made
from support.made_openbmp import openbmp
from support.places import ROOT

if TYPE_CHECKING:
    pass

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))


def listen(package: Any, *words: object) -> subprocess.Popen[bytes]:
    source = str(Path(package.__file__).parents[1])
    env = os.environ | {"BGPWIRE_IMPLEMENTATION": package.IMPLEMENTATION, "PYTHONPATH": source}
    command = [sys.executable, "-m", "bgpwire", "listen", *map(str, words)]
    return subprocess.Popen(command, env=env, bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_out_of_a_topic(package: Any, broker: Broker) -> None:
    """OpenBMP's messages of a topic are lines of what listens to it."""
    values = [openbmp(made.peer_up(*OPENS)), *(openbmp(made.monitoring(made.update())) for _ in range(50))]

    async def send() -> None:
        async with package.live.openbmp.producer(broker.servers, "rv.bmp_raw") as out:
            for value in values:
                await out.send(value, key=b"r1")
                await out.flush()

    asyncio.run(send())
    with listen(package, f"kafka://{broker.servers}/rv.bmp_raw?start=earliest") as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(50)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert {(line["prefix"], line["rib"]) for line in lines} == {("10.0.0.0/24", "adj-rib-in-pre")}


def test_into_a_topic(package: Any, broker: Broker, tmp_path: Path) -> None:
    """Lines are values of a topic, a route each, all of them."""
    from aiokafka import AIOKafkaConsumer

    path = tmp_path / "r1.bmp"
    path.write_bytes(made.peer_up(*OPENS) + made.monitoring(made.update()) * 300)
    with listen(package, path, "--to-kafka", f"{broker.servers}/lines") as process:
        assert process.wait(60) == 0
        assert process.stdout is not None
        assert process.stdout.read() == b""

    async def take() -> list[Any]:
        consumer = AIOKafkaConsumer("lines", bootstrap_servers=broker.servers, auto_offset_reset="earliest")
        await consumer.start()
        try:
            async with asyncio.timeout(60):
                return [await consumer.getone() for _ in range(300)]
        finally:
            await consumer.stop()

    found = asyncio.run(take())
    assert {record.key for record in found} == {b"192.0.2.1"}
    assert {json.loads(record.value)["prefix"] for record in found} == {"10.0.0.0/24"}


def test_with_tls_and_a_password(package: Any, broker: Broker, tmp_path: Path) -> None:
    """Of a file are the certificates, the name and the password, for a source and for a sink; with another password
    there is an error, in which none of the two stands."""
    trustme = pytest.importorskip("trustme", reason="trustme is not installed")
    from aiokafka import AIOKafkaConsumer

    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(server)
    config, other = tmp_path / "kafka.conf", tmp_path / "other.conf"
    for path, password in ((config, "to be kept"), (other, "a guess")):
        path.write_text(f"""# as kcat has it
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.username=collector
sasl.password={password}
ssl.ca.location={tmp_path / "ca.pem"}
""")
    secure = package.live.kafka.read_config(config)
    values = [openbmp(made.peer_up(*OPENS)), *(openbmp(made.monitoring(made.update())) for _ in range(50))]
    door = Door(broker, ("collector", "to be kept"))

    async def run() -> None:
        async with door.open(server) as port:
            servers = f"{HOST}:{port}"
            async with package.live.openbmp.producer(servers, "rv.bmp_raw", kafka=secure) as out:
                for value in values:
                    await out.send(value, key=b"r1")
                    await out.flush()
            words = f"kafka://{servers}/rv.bmp_raw?start=earliest", "--to-kafka", f"{servers}/lines"
            with listen(package, *words, "--kafka-config", config) as process:
                consumer = AIOKafkaConsumer("lines", bootstrap_servers=servers, auto_offset_reset="earliest", **secure)
                await consumer.start()
                async with asyncio.timeout(60):
                    found = [json.loads((await consumer.getone()).value) for _ in range(50)]
                await consumer.stop()
                process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(process.wait, 30) == 0
            assert {line["prefix"] for line in found} == {"10.0.0.0/24"}
            assert door.refused == 0
            with listen(package, *words, "--kafka-config", other) as process:
                _, told = await asyncio.to_thread(process.communicate, timeout=60)
                assert process.returncode == 2
            assert door.refused > 0
            assert servers.encode() in told
            assert b"Traceback" not in told
            assert b"guess" not in told
            assert b"kept" not in told

    asyncio.run(run())


def test_a_sink_whose_broker_is_away(package: Any, broker: Broker, tmp_path: Path) -> None:
    """It is waited for, whoever speaks waits too, and what was heard meanwhile arrives when it is back."""
    path = tmp_path / "router.bmp"
    path.write_bytes(made.peer_up(*OPENS))
    config = tmp_path / "kafka.conf"
    config.write_text("request.timeout.ms=2000\n")
    door = Door(broker)

    def say(router: Any, numbers: range) -> set[str]:
        for number in numbers:
            for last in range(100):
                router.write(made.monitoring(made.update(f"18 0a{number:02x}{last:02x}")))
        router.flush()
        return {f"10.{number}.{last}.0/24" for number in numbers for last in range(100)}

    async def run() -> list[str]:
        async with door.open() as port:
            servers = f"{HOST}:{port}"
            words = path, "--follow", "--to-kafka", f"{servers}/lines", "--kafka-config", config
            with listen(package, *words) as process, path.open("ab") as router:
                assert process.stderr is not None
                expected = say(router, range(10))
                await _prefixes(servers, expected)
                door.shut()
                expected |= say(router, range(10, 20))
                while b"connecting again" not in (line := await asyncio.to_thread(process.stderr.readline)):
                    assert line
                expected |= say(router, range(20, 30))
                await door.reopen()
                expected |= say(router, range(30, 40))
                found = await _prefixes(servers, expected)
                process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(process.wait, 30) == 0
        return found

    found = asyncio.run(run())
    # In their order, whatever came twice: what was said last is the last.
    last = {prefix: at for at, prefix in enumerate(found)}
    own = sorted(last, key=last.__getitem__)
    assert own == sorted(own, key=lambda prefix: [int(part) for part in prefix[:-3].split(".")])


def test_the_end_while_the_broker_is_away(package: Any, broker: Broker, tmp_path: Path) -> None:
    """It ends, and says of how many lines it does not know."""
    path = tmp_path / "router.bmp"
    path.write_bytes(made.peer_up(*OPENS) + made.monitoring(made.update()))
    config = tmp_path / "kafka.conf"
    config.write_text("request.timeout.ms=2000\n")
    door = Door(broker)

    async def run() -> bytes:
        async with door.open() as port:
            words = path, "--follow", "--to-kafka", f"{HOST}:{port}/lines", "--kafka-config", config
            with listen(package, *words) as process, path.open("ab") as router:
                assert process.stderr is not None
                await _prefixes(f"{HOST}:{port}", {"10.0.0.0/24"})
                door.shut()
                router.write(made.monitoring(made.update("18 0a0001")) * 7)
                router.flush()
                while b"connecting again" not in (line := await asyncio.to_thread(process.stderr.readline)):
                    assert line
                process.send_signal(signal.SIGTERM)
                told = await asyncio.to_thread(process.stderr.read)
                assert await asyncio.to_thread(process.wait, 30) == 2
        return told

    told = asyncio.run(run())
    assert b"the broker is away, 7 lines have no answer" in told
    assert b"Traceback" not in told


def test_a_source_whose_broker_is_away(package: Any, broker: Broker) -> None:
    """It goes on where it was."""
    door = Door(broker)

    async def run() -> list[str]:
        async with door.open() as port:
            servers = f"{HOST}:{port}"

            async def send(*values: bytes) -> None:
                async with package.live.openbmp.producer(servers, "rv.bmp_raw") as out:
                    for value in values:
                        await out.send(value, key=b"r1")
                        await out.flush()

            def updates(number: int) -> list[bytes]:
                return [openbmp(made.monitoring(made.update(f"18 0a{number:02x}{last:02x}"))) for last in range(50)]

            await send(openbmp(made.peer_up(*OPENS)), *updates(1))
            with listen(package, f"kafka://{servers}/rv.bmp_raw?start=earliest") as process:
                assert process.stdout is not None
                lines = [await asyncio.to_thread(process.stdout.readline) for _ in range(50)]
                door.shut()
                await asyncio.sleep(2)
                await door.reopen()
                await send(*updates(2))
                lines += [await asyncio.to_thread(process.stdout.readline) for _ in range(50)]
                process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(process.wait, 30) == 0
                assert process.stdout.read() == b""
        return [json.loads(line)["prefix"] for line in lines]

    assert asyncio.run(run()) == [f"10.{number}.{last}.0/24" for number in (1, 2) for last in range(50)]


async def _prefixes(servers: str, expected: set[str]) -> list[str]:
    """Those of the lines in a topic, until all that are expected are there."""
    from aiokafka import AIOKafkaConsumer

    found: list[str] = []
    consumer = AIOKafkaConsumer("lines", bootstrap_servers=servers, auto_offset_reset="earliest")
    await consumer.start()
    async with asyncio.timeout(60):
        while expected - set(found):
            batches = await consumer.getmany(timeout_ms=500)
            found += [json.loads(record.value)["prefix"] for records in batches.values() for record in records]
    await consumer.stop()
    return found


def test_a_load(package: Any) -> None:
    """Two routers with a hundred peers each, as fast as they are heard: nothing is lost, and memory stays what a full
    pump takes. That it does not grow is for `scripts/soak.sh` with hours."""
    env = os.environ | {
        "BGPWIRE_IMPLEMENTATION": package.IMPLEMENTATION,
        "PYTHONPATH": str(Path(package.__file__).parents[1]),
        "PYTHON": sys.executable,
        "GROWTH": "200",
    }
    words = [str(ROOT / "scripts" / "soak.sh"), "20", "2"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    most = re.search(r"at most ([0-9,]+) KiB", done.stdout)
    assert most is not None
    assert int(most[1].replace(",", "")) < 300 << 10, done.stdout
