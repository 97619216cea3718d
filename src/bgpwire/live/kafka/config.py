"""A broker's TLS and SASL in a file, in the names that Kafka's own tools have: librdkafka's, as kcat reads them."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

__all__ = ["read_config"]

_PROTOCOLS: Final = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
_MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
"""Those that a name and a password are enough for."""
_SAME: Final = {"sasl.mechanisms": "sasl.mechanism"}
_OTHERS: Final = {
    "ssl.truststore.": "that is Java's; ssl.ca.location names a PEM file",
    "ssl.keystore.": "that is Java's; ssl.certificate.location and ssl.key.location name PEM files",
    "sasl.jaas.config": "that is Java's; sasl.username and sasl.password say it here",
    "bootstrap.servers": "the broker is named by kafka:// or --to-kafka",
    "metadata.broker.list": "the broker is named by kafka:// or --to-kafka",
    "group.id": "the group is named in the source: kafka://HOST/TOPIC?group=NAME",
}
"""What other tools have in such files, and where it is said here."""


def read_config(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The keywords for aiokafka that a file of ``name=value`` lines says, to be given as ``kafka=``.

    ``#`` begins a line that says nothing. The names are ``security.protocol``; ``sasl.mechanism`` (or ``…mechanisms``:
    PLAIN, SCRAM-SHA-256, SCRAM-SHA-512), ``sasl.username``, ``sasl.password``; ``ssl.ca.location`` (a PEM file, or a
    folder), ``ssl.certificate.location``, ``ssl.key.location``, ``ssl.key.password``,
    ``enable.ssl.certificate.verification``, ``ssl.endpoint.identification.algorithm`` (``https`` or ``none``);
    ``client.id``; ``request.timeout.ms``.

    ValueError names the line that is wrong, and shows no password; OSError where the file cannot be read.
    """
    return _Config(path).settings()


class _Config:
    """The lines of a file, and which of them were asked for."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path
        self._lines: dict[str, tuple[int, str]] = {}
        try:
            text = Path(path).read_text("utf-8")
        except UnicodeDecodeError:
            raise ValueError(f"{path}: no text in UTF-8") from None
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                self._take(number, line)

    def _take(self, number: int, line: str) -> None:
        name, equals, value = line.partition("=")
        name = name.strip()
        where = f"{self._path}, line {number}"
        if not equals:
            # What stands there may be a password.
            raise ValueError(f"{where}: no name=value")
        name = _SAME.get(name, name)
        for other, why in _OTHERS.items():
            if name.startswith(other):
                raise ValueError(f"{where}: {name}: {why}")
        if name not in _NAMES:
            raise ValueError(f"{where}: {name!r} is not known; there are {', '.join(_NAMES)}")
        if name in self._lines:
            raise ValueError(f"{where}: {name} is in line {self._lines[name][0]} already")
        self._lines[name] = number, value.strip()

    def settings(self) -> dict[str, Any]:
        protocol = self._one_of("security.protocol", _PROTOCOLS) or "PLAINTEXT"
        out: dict[str, Any] = {"security_protocol": protocol}
        # What is said of a password or a certificate, and would not be used, is a connection that is not what it seems.
        if not protocol.startswith("SASL_"):
            self._none("sasl.", "security.protocol is not SASL_SSL or SASL_PLAINTEXT")
        else:
            out |= self._sasl()
        if not protocol.endswith("SSL"):
            self._none(("ssl.", "enable.ssl."), "security.protocol is not SSL or SASL_SSL")
        else:
            out["ssl_context"] = self._context()
        if (name := self._get("client.id")) is not None:
            out["client_id"] = name
        if (time := self._get("request.timeout.ms")) is not None:
            if not (time.isascii() and time.isdecimal() and 0 < int(time) < 1 << 31):
                raise ValueError(f"{self._where('request.timeout.ms')}: {time!r} is no number of milliseconds")
            out["request_timeout_ms"] = int(time)
        return out

    def _sasl(self) -> dict[str, str]:
        out = {"sasl_mechanism": self._one_of("sasl.mechanism", _MECHANISMS)}
        out |= {f"sasl_plain_{name}": self._get(f"sasl.{name}") for name in ("username", "password")}
        missing = [name for name in ("mechanism", "username", "password") if self._get(f"sasl.{name}") is None]
        if missing:
            raise ValueError(f"{self._path}: SASL needs {', '.join(f'sasl.{name}' for name in missing)}")
        return out  # type: ignore[return-value]

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if (place := self._get("ssl.ca.location")) is not None:
            # These alone, as in librdkafka: not those of the system beside them.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            with self._loading("ssl.ca.location"):
                context.load_verify_locations(**{"capath" if Path(place).is_dir() else "cafile": place})
        certificate = self._get("ssl.certificate.location")
        if certificate is not None:
            # Without a password there is to be an error, and nobody who is asked at a terminal.
            password = self._get("ssl.key.password") or ""
            with self._loading("ssl.certificate.location"):
                context.load_cert_chain(certificate, self._get("ssl.key.location"), password)
        else:
            self._none(("ssl.key.location", "ssl.key.password"), "there is no ssl.certificate.location")
        if self._one_of("ssl.endpoint.identification.algorithm", ("https", "none"), str.lower) == "none":
            context.check_hostname = False
        if self._one_of("enable.ssl.certificate.verification", ("true", "false"), str.lower) == "false":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _get(self, name: str) -> str | None:
        return self._lines.get(name, (0, None))[1]

    def _one_of(self, name: str, values: tuple[str, ...], case: Callable[[str], str] = str.upper) -> str | None:
        found = self._get(name)
        if found is not None and case(found) not in values:
            raise ValueError(f"{self._where(name)}: {found!r} is none of {', '.join(values)}")
        return None if found is None else case(found)

    def _none(self, beginnings: str | tuple[str, ...], why: str) -> None:
        for name in self._lines:
            if name.startswith(beginnings):
                raise ValueError(f"{self._where(name)}: {why}")

    def _where(self, name: str) -> str:
        return f"{self._path}, line {self._lines[name][0]}: {name}"

    @contextmanager
    def _loading(self, name: str) -> Iterator[None]:
        """What OpenSSL says of a file names neither the file nor who asked for it."""
        try:
            yield
        except OSError as error:
            raise ValueError(f"{self._where(name)}: {error.strerror or error}") from error


_NAMES: Final = (
    "security.protocol",
    "sasl.mechanism",
    "sasl.username",
    "sasl.password",
    "ssl.ca.location",
    "ssl.certificate.location",
    "ssl.key.location",
    "ssl.key.password",
    "ssl.endpoint.identification.algorithm",
    "enable.ssl.certificate.verification",
    "client.id",
    "request.timeout.ms",
)
