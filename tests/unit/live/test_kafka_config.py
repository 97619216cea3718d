"""TLS and SASL of a broker out of a file, in the names of Kafka's own tools."""

from __future__ import annotations

import ssl
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def settings(*lines: str) -> dict[str, Any]:
        path = tmp_path / "kafka.conf"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return import_module("bgpwire.live.kafka").read_config(path)  # type: ignore[no-any-return]

    return settings


def test_sasl(read: Any) -> None:
    """Names and values as they stand there, blanks around them aside; no # and no = within a value means anything."""
    found = read(
        "# a comment",
        "",
        "  # another",
        "security.protocol=sasl_plaintext",
        " sasl.mechanisms = scram-sha-512 ",
        "sasl.username=ä",
        "sasl.password=a=b #c",
        "client.id=collector-1",
        "request.timeout.ms=5000",
    )
    assert found == {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "ä",
        "sasl_plain_password": "a=b #c",
        "client_id": "collector-1",
        "request_timeout_ms": 5000,
    }
    assert read() == {"security_protocol": "PLAINTEXT"}


def test_tls(read: Any, tmp_path: Path) -> None:
    trustme = pytest.importorskip("trustme", reason="trustme is not installed")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    own = authority.issue_cert("collector")
    own.private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
    begin = "security.protocol=SSL", f"ssl.ca.location={tmp_path / 'ca.pem'}"
    context = read(*begin)["ssl_context"]
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert context.cert_store_stats()["x509_ca"] == 1
    context = read(*begin, "ssl.endpoint.identification.algorithm=none")["ssl_context"]
    assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_REQUIRED)
    context = read(*begin, "enable.ssl.certificate.verification=False")["ssl_context"]
    assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_NONE)
    for more in (f"ssl.key.location={tmp_path / 'own.pem'}", "ssl.key.password=unused"):
        read(*begin, f"ssl.certificate.location={tmp_path / 'own.pem'}", more)
    # Those of the system, or of a folder, are not loaded one by one.
    assert read("security.protocol=SSL")["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    assert read("security.protocol=SSL", f"ssl.ca.location={tmp_path}")["ssl_context"].cert_store_stats()["x509"] == 0


SASL = "security.protocol=SASL_SSL", "sasl.username=u", "sasl.password=geheim"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (["", "securty.protocol=SSL"], "line 2: 'securty.protocol' is not known; there are security.protocol, sasl"),
        (["sasl.password geheim"], "line 1: no name=value"),
        (["client.id=a", "client.id=b"], "line 2: client.id is in line 1 already"),
        (["sasl.mechanism=PLAIN", "sasl.mechanisms=PLAIN"], "line 2: sasl.mechanism is in line 1 already"),
        (["ssl.truststore.location=a.jks"], "line 1: ssl.truststore.location: that is Java's; ssl.ca.location"),
        (["ssl.keystore.password=geheim"], "line 1: ssl.keystore.password: that is Java's; ssl.certificate.location"),
        (["sasl.jaas.config=geheim"], "line 1: sasl.jaas.config: that is Java's; sasl.username"),
        (["bootstrap.servers=a:9092"], "line 1: bootstrap.servers: the broker is named by kafka://"),
        (["request.timeout.ms=0"], "line 1: request.timeout.ms: '0' is no number"),
        (["request.timeout.ms=1s"], "line 1: request.timeout.ms: '1s' is no number"),
        (["group.id=g"], "line 1: group.id: the group is named in the source"),
        (["security.protocol=tls"], "line 1: security.protocol: 'tls' is none of PLAINTEXT, SSL"),
        ([*SASL, "sasl.mechanism=GSSAPI"], "line 4: sasl.mechanism: 'GSSAPI' is none of PLAIN, SCRAM-SHA-256"),
        ([*SASL], "SASL needs sasl.mechanism$"),
        (["security.protocol=SASL_SSL"], "SASL needs sasl.mechanism, sasl.username, sasl.password$"),
        ([*SASL[1:]], "line 1: sasl.username: security.protocol is not SASL_SSL"),
        (["security.protocol=SSL", "sasl.password=geheim"], "line 2: sasl.password: security.protocol is not SASL_SSL"),
        (["ssl.ca.location=/"], "line 1: ssl.ca.location: security.protocol is not SSL"),
        (["enable.ssl.certificate.verification=true"], "line 1: enable.ssl.*security.protocol is not SSL"),
        (["security.protocol=SSL", "ssl.ca.location=nowhere"], "line 2: ssl.ca.location: No such file"),
        (["security.protocol=SSL", "ssl.certificate.location=no"], "line 2: ssl.certificate.location: No such file"),
        (["security.protocol=SSL", "ssl.key.location=k"], "line 2: ssl.key.location: there is no ssl.certificate"),
        (["security.protocol=SSL", "enable.ssl.certificate.verification=maybe"], "'maybe' is none of true, false"),
    ],
)
def test_lines_that_are_wrong(read: Any, lines: list[str], what: str) -> None:
    """The line is named, and no password shown."""
    with pytest.raises(ValueError, match=what) as caught:
        read(*lines)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_wrong(read: Any, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ValueError, match="line 2: ssl"):
        read("security.protocol=SSL", f"ssl.ca.location={tmp_path / 'ca.pem'}")
    config = import_module("bgpwire.live.kafka").read_config
    (tmp_path / "kafka.conf").write_bytes(b"client.id=\xff\n")
    with pytest.raises(ValueError, match="no text"):
        config(tmp_path / "kafka.conf")
    with pytest.raises(FileNotFoundError):
        config(tmp_path / "nowhere")
