"""What GoBGP reads of what is built: a daemon on loopback takes the messages, and its log has each UPDATE decoded."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from support.daemons.base import free_ports
from support.speaker import KEEPALIVE

import bgpwire
from bgpwire.stream import MessageReader
from oracle.built.leaves import Words
from oracle.built.messages import ASN, BGP_ID
from oracle.built.messages import LARGE as LARGE_ASN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oracle.built import Case

FAMILIES = {
    (1, 1): "ipv4-unicast", (2, 1): "ipv6-unicast", (1, 2): "ipv4-multicast", (2, 2): "ipv6-multicast",
    (1, 4): "ipv4-labelled-unicast", (2, 4): "ipv6-labelled-unicast", (1, 128): "l3vpn-ipv4-unicast",
    (2, 128): "l3vpn-ipv6-unicast", (1, 129): "l3vpn-ipv4-multicast", (2, 129): "l3vpn-ipv6-multicast",
    (25, 65): "l2vpn-vpls", (25, 70): "l2vpn-evpn", (1, 132): "rtc", (1, 7): "ipv4-encap", (2, 7): "ipv6-encap",
    (1, 133): "ipv4-flowspec", (2, 133): "ipv6-flowspec", (1, 134): "l3vpn-ipv4-flowspec",
    (2, 134): "l3vpn-ipv6-flowspec", (25, 134): "l2vpn-flowspec", (16397, 241): "opaque", (16388, 71): "ls",
    (1, 73): "ipv4-srpolicy", (2, 73): "ipv6-srpolicy", (1, 85): "ipv4-mup", (2, 85): "ipv6-mup",
}  # fmt: skip
NOT_KNOWN = "not asked: GoBGP has no such family"
NO_EXTENDED = "not asked: GoBGP takes no message of more than 4,096 octets"
COUNTED = "not shown: GoBGP counts it, and tells no more"
OTHER_AS = "not asked: GoBGP takes an OPEN of its neighbor's AS alone"
_TOLD = ("Code", "Subcode", "Data", "Communicated-Reason")
"""What a line of the log has of a NOTIFICATION; times and addresses in it are no part of that."""
_SECONDS = 5.0
_NAMED = 60


def ask(cases: Sequence[Case]) -> dict[str, dict[str, Words] | str] | str:
    """What GoBGP shows of each case by its name, or why it was not asked."""
    if shutil.which("gobgpd") is None or shutil.which("gobgp") is None:
        return "GoBGP is not installed"
    out: dict[str, dict[str, Words] | str] = {}
    with tempfile.TemporaryDirectory() as folder, Daemon(Path(folder)) as daemon:
        for (kind, *_), some in groupby(sorted(cases, key=_shape), _shape):
            if kind == "update":
                out |= _updates(daemon, list(some))
            else:
                out |= {case.name: _opened(daemon, case) if kind == "open" else _logged(daemon, case) for case in some}
    return out


def version() -> str:
    """Which GoBGP it is."""
    done = subprocess.run(["gobgpd", "--version"], capture_output=True, check=True, text=True)
    return "GoBGP " + done.stdout.split()[-1]


def _shape(case: Case) -> tuple[str, bool, bool, bool]:
    """What one connection has to negotiate."""
    return case.kind, case.session.asn4, case.add_path, case.add_path and _is_ipv4(case.family)


def _is_ipv4(family: tuple[int, int] | None) -> bool:
    return family is not None and family[0] == 1


def _updates(daemon: Daemon, cases: list[Case]) -> dict[str, dict[str, Words] | str]:
    """All of one shape on one connection, one at a time, for the log has warnings before what waits in a queue.

    What GoBGP refuses disables the family there, or ends the connection, so what comes behind is sent on another.
    """
    out: dict[str, dict[str, Words] | str] = {}
    left = []
    for case in cases:
        if case.family not in FAMILIES:
            out[case.name] = NOT_KNOWN
        elif len(case.octets) > 4096:
            out[case.name] = NO_EXTENDED
        else:
            left.append(case)
    session = None
    for case in left:
        if session is None:
            session = daemon.connect(case)
        if session.refusal:
            raise AssertionError(
                f"GoBGP takes no session of {bgpwire.Family(*case.family or (0, 0))}: {session.refusal}"
            )
        lines = session.send(case.octets)
        found = [line for line in lines or () if line["msg"] == "received update"]
        wrong = [line for line in lines or () if line.get("level") == "warning"]
        if lines is None:
            out[case.name] = daemon.ended()
        elif wrong:
            out[case.name] = f"refused: {wrong[0].get('Error', wrong[0]['msg'])}"
        else:
            out[case.name] = _parts(found[0]) if found else "refused: nothing is said"
        if lines is None or not found or wrong:
            session.connection.close()
            session = None
    if session is not None:
        session.connection.close()
    return out


def _opened(daemon: Daemon, case: Case) -> dict[str, Words] | str:
    """What ``gobgp neighbor`` tells of an OPEN."""
    asn = LARGE_ASN if case.name == "large AS" else int.from_bytes(case.octets[20:22])
    if asn not in (ASN, LARGE_ASN):
        return OTHER_AS
    session = daemon.connect(case, case.octets, asn)
    if session.refusal:
        return session.refusal
    form = daemon.neighbor(session.address)
    ended = daemon.ended() if form is None else ""
    session.connection.close()
    return ended or _told(form)


def _told(form: dict[str, Any]) -> dict[str, Words]:
    """The capabilities of the other side, all as one part, and what is in the OPEN beside them."""
    state = form["state"]
    out = {"message": words(state["remote_cap"])}
    held = form["timers"]["state"].get("negotiated_hold_time")
    out["open"] = words([state.get("router_id"), state.get("peer_asn"), held])
    return out


def _logged(daemon: Daemon, case: Case) -> dict[str, Words] | str:
    """What the log has of a NOTIFICATION, and of a ROUTE-REFRESH that is not taken."""
    session = daemon.connect(case)
    before = len(daemon.lines(session.address))
    session.connection.sendall(case.octets)
    wait = _SECONDS if case.kind == "notification" else 0.1
    found = session.until(lambda lines: any("received" in line["msg"] for line in lines[before:]), wait)[before:]
    form = daemon.neighbor(session.address) if case.kind != "notification" else None
    counts = form["state"]["messages"]["received"] if form is not None else {}
    session.connection.close()
    if "refresh" in counts or counts.get("keepalive", 0) > 1:
        return COUNTED
    said = [{name: line[name] for name in _TOLD if name in line} for line in found]
    return {"message": words(said)}


def _opening(case: Case) -> bytes:
    """Families and their ADD-PATH go in two halves: GoBGP takes no parameters of more than 255 octets (RFC 9072)."""
    families = [one for one in FAMILIES if not case.add_path or one == (1, 1) or _is_ipv4(one) == _is_ipv4(case.family)]
    capabilities = [(1, afi.to_bytes(2) + bytes((0, safi))) for afi, safi in families] + [(2, b"")]
    if case.add_path:
        capabilities.append((69, b"".join(afi.to_bytes(2) + bytes((safi, 2)) for afi, safi in families)))
    return bytes(bgpwire.Open.build(ASN, BGP_ID, 90, capabilities, asn4=case.session.asn4))


class Daemon:
    """gobgpd with neighbors of two AS numbers, each connection from another address of the loopback network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts = Counter[int]()

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        self._reader.close()

    def _start(self) -> None:
        self.api, self.port = free_ports(2)
        (self.folder / "gobgpd.toml").write_text(self._configuration())
        path = self.folder / "log"
        with path.open("wb") as log:
            command = ["gobgpd", "-f", "gobgpd.toml", "--api-hosts", f"127.0.0.1:{self.api}", "--pprof-disable"]
            self.process = subprocess.Popen(
                [*command, "-l", "debug"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._reader = path.open(encoding="utf-8", errors="replace")
        self._torn = ""
        self._lines: dict[str, list[dict[str, Any]]] = {}
        self._last = ""

    def _configuration(self) -> str:
        """Peer groups have no ADD-PATH for the neighbors that come by themselves, so some are named for it."""
        text = f'[global.config]\nas = 65010\nrouter-id = "192.0.2.10"\nport = {self.port}\n'
        text += 'local-address-list = ["127.0.0.1"]\n'
        for asn, network in ((ASN, "127.1.0.0/16"), (LARGE_ASN, "127.2.0.0/16")):
            text += _tables("peer-groups", f'peer-group-name = "{asn}"\npeer-as = {asn}\n')
            text += f'[[dynamic-neighbors]]\n[dynamic-neighbors.config]\nprefix = "{network}"\npeer-group = "{asn}"\n'
        for number in range(1, _NAMED + 1):
            given = f'neighbor-address = "127.3.0.{number}"\npeer-as = {ASN}\n'
            text += _tables("neighbors", given, "[neighbors.afi-safis.add-paths.config]\nreceive = true\n")
        return text

    def connect(self, case: Case, opening: bytes | None = None, asn: int = ASN) -> Session:
        """A session that is established, or refused, for what ``case`` has to negotiate."""
        end = time.monotonic() + _SECONDS
        while True:
            if self.process.poll() is not None:
                self._reader.close()
                self._start()
            network = 3 if case.add_path else 1 if asn == ASN else 2
            self.counts[network] += 1
            number = 1 + self.counts[network] % _NAMED if network == 3 else self.counts[network]
            address = f"127.{network}.{number >> 8}.{number & 255}"
            try:
                connection = socket.create_connection(("127.0.0.1", self.port), 5, source_address=(address, 0))
                return Session(self, address, connection, opening or _opening(case), case.add_path)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def ended(self) -> str:
        """How the daemon or the connection ended."""
        self.lines("")
        return f"stopped: {self._last}" if self.process.poll() is not None else "refused: the connection has ended"

    def lines(self, address: str) -> list[dict[str, Any]]:
        """What the log has of a neighbor so far."""
        for line in (self._torn + self._reader.read()).splitlines(keepends=True):
            self._torn = line
            if line.endswith("\n"):
                self._torn = ""
                if line.startswith("{"):
                    form = json.loads(line)
                    self._lines.setdefault(form.get("Key", ""), []).append(form)
                elif line.startswith("panic:"):
                    self._last = line.strip()
        return self._lines.get(address, [])

    def neighbor(self, address: str) -> Any:
        """What ``gobgp`` tells of a neighbor."""
        command = ["gobgp", "-p", str(self.api), "-j", "neighbor", address]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        return json.loads(done.stdout) if done.returncode == 0 else None


def _tables(name: str, config: str, more: str = "") -> str:
    """The configuration of neighbors that connect, with every family, and ``more`` for each."""
    text = f"[[{name}]]\n[{name}.config]\n{config}[{name}.transport.config]\npassive-mode = true\n"
    text += f"[{name}.ebgp-multihop.config]\nenabled = true\nmultihop-ttl = 2\n"
    for family in FAMILIES.values():
        text += f'[[{name}.afi-safis]]\n[{name}.afi-safis.config]\nafi-safi-name = "{family}"\n{more}'
    return text


class Session:
    """A connection with gobgpd."""

    def __init__(self, daemon: Daemon, address: str, connection: socket.socket, opening: bytes, add_path: bool) -> None:
        self.mark = _mark(add_path)
        self.daemon, self.address, self.connection = daemon, address, connection
        connection.settimeout(_SECONDS)
        reader = MessageReader(connection, 4096)
        self.refusal = ""
        if reader.read() is None:
            raise ConnectionError("no OPEN")
        connection.sendall(opening)
        answer = reader.read()
        if answer is None or answer[18] == 3:
            self.refusal = f"refused: {bytes(answer)[19:].hex() if answer is not None else ''}"
            return
        connection.sendall(KEEPALIVE)
        self.until(lambda lines: any(line.get("new") == "BGP_FSM_ESTABLISHED" for line in lines))

    def until(self, done: Callable[[list[dict[str, Any]]], bool], seconds: float = _SECONDS) -> list[dict[str, Any]]:
        """What the log has of us, once it is enough, or the time is over."""
        end = time.monotonic() + seconds
        while True:
            over = self.daemon.process.poll() is not None or time.monotonic() > end
            lines = self.daemon.lines(self.address)
            if done(lines) or over:
                return lines
            time.sleep(0.001)

    def send(self, octets: bytes) -> list[dict[str, Any]] | None:
        """What the log has of the message, ``None`` where it was the last: another behind it is in the log, too."""
        before = len(self.daemon.lines(self.address))
        with suppress(OSError):
            self.connection.sendall(octets + self.mark)
        lines = self.until(lambda found: any(_ends(line) for line in found[before:]))[before:]
        if not lines or lines[-1]["msg"] != "received update" or self.daemon.process.poll() is not None:
            return None
        return lines[:-1]


_MARKED = "240.0.0.0/32"


def _mark(add_path: bool) -> bytes:
    session = bgpwire.Session(add_path_send={(1, 1)} if add_path else ())
    return bytes(bgpwire.Update.withdraw([_MARKED], path_id=1).messages(session)[0])


def _ends(line: dict[str, Any]) -> bool:
    return line["msg"] == "Peer Down" or line.get("withdrawals") == [{"prefix": _MARKED}]


def _parts(line: dict[str, Any]) -> dict[str, Words]:
    out = {"nlri": words(line["nlri"]), "withdrawn": words(line["withdrawals"]), "next hop": Words(), "codes": Words()}
    for attribute in line["attributes"] or []:
        code = attribute["type"]
        out["codes"].octets.append(str(code))
        out[f"attribute {code}"] = words(attribute)
        if code == 14:
            out["nlri"] = words(attribute["value"])
        if code in (3, 14):
            out["next hop"] = words(attribute.get("nexthop"))
        if code == 15:
            out["withdrawn"] = words(attribute["value"])
    return out


def words(form: Any) -> Words:
    """Every text, number and octet string of a JSON form of GoBGP's."""
    out = Words()
    _add(out, form)
    return out


def _add(out: Words, form: Any) -> None:
    if isinstance(form, dict):
        if "type_url" in form:  # a capability, its value being a protocol buffer in base 64
            out.add(form["type_url"])
            _add_buffer(out, base64.b64decode(form.get("value", "")))
            return
        for key, value in form.items():
            out.add(key)
            _add(out, value)
    elif isinstance(form, list):
        for value in form:
            _add(out, value)
    elif form is not None:
        out.add(str(form))
        if isinstance(form, str):
            with suppress(ValueError):
                out.add_octets(base64.b64decode(form, validate=True).hex())


def _add_buffer(out: Words, data: bytes) -> None:
    """The numbers, texts and octets of a protocol buffer; what is left out in it is 0."""
    out.numbers.add(0)
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, at = _varint(data, at)
        if tag & 7 == 0:
            out.add(str(number))
        elif tag & 7 == 2:
            part = data[at : at + number]
            at += number
            out.add_octets(part.hex())
            out.add(part.decode("utf-8", "replace"))
            with suppress(IndexError):
                _add_buffer(out, part)
        else:
            return


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number, at
