"""SimpleSAMLphp as Debian packages it, each provider a PHP server of its own with a configuration made for the test."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.localcloud.federation.saml_signer import CERTIFICATE
from tests.localcloud.federation.stand_in import RSA

HOME = Path("/usr/share/simplesamlphp")

HOW_TO_GET_IT = (
    f"journeys with SimpleSAMLphp need it in {HOME}, and PHP on the PATH: "
    "apt-get install --no-install-recommends simplesamlphp php-cli php-xml php-mbstring"
)

PASSWORD = "only-for-tests"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

_SECONDS = 10.0
"""How long PHP may take to listen; it takes a tenth of one."""


def require() -> None:
    """Go on only where SimpleSAMLphp is installed; in CI a skipped test would look like one that passes."""
    if not HOME.is_dir() or shutil.which("php") is None:
        must_be = "CI" in os.environ or os.environ.get("GATEHOUSE_SIMPLESAMLPHP") == "required"
        (pytest.fail if must_be else pytest.skip)(HOW_TO_GET_IT)


@dataclass(frozen=True, slots=True)
class SimpleSamlPhp:
    """One provider. Its files are in `folder`; it knows the services whose metadata it has been given."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def metadata_url(self) -> str:
        return f"{self.url}saml2/idp/metadata.php"

    def sign_out_url(self, then: str) -> str:
        """Where a browser goes that signs out here, and everywhere it went to from here."""
        return f"{self.url}saml2/idp/SingleLogoutService.php?ReturnTo={then}"

    def meet(self, *services: bytes) -> None:
        """Know these services, by their metadata, and no others."""
        sources: list[dict[str, str]] = [{"type": "flatfile"}]
        sources += [{"type": "xml", "xml": metadata.decode()} for metadata in services]
        self._write(
            "config",
            "config",
            {
                "baseurlpath": self.url,
                "certdir": f"{self.folder}/",
                "tempdir": f"{self.folder}/temp",
                "loggingdir": f"{self.folder}/",
                "logging.handler": "file",
                "metadatadir": f"{self.folder}/",
                "metadata.sources": sources,
                "secretsalt": "for this test",
                "timezone": "UTC",
                "errorreporting": False,
                "enable.saml20-idp": True,
                "module.enable": {"exampleauth": True},
                "session.phpsession.savepath": str(self.folder),
                "session.cookie.secure": False,
                "trusted.url.domains": False,
            },
        )

    def be_provider(self, people: Sequence[str], settings: Mapping[str, Any]) -> None:
        """Let in these people, by name; `settings` are SimpleSAMLphp's of a hosted provider."""
        self._write(
            "saml20-idp-hosted",
            "metadata",
            {
                "__DYNAMIC:1__": {
                    "host": "__DEFAULT__",
                    "privatekey": "key.pem",
                    "certificate": "certificate.pem",
                    "auth": "people",
                    "NameIDFormat": [PERSISTENT],
                    "authproc": {"3": {"class": "saml:PersistentNameID", "attribute": "uid"}},
                    **settings,
                }
            },
        )
        known = {f"{name}:{PASSWORD}": _attributes(name) for name in people}
        self._write("authsources", "config", {"people": {"0": "exampleauth:UserPass", **known}})

    def _write(self, file: str, variable: str, value: Any) -> None:
        """A configuration file of SimpleSAMLphp, which is PHP that sets a variable."""
        # The closing word is on a line of its own, which no line of JSON is.
        text = f"<?php\n${variable} = json_decode(<<<'END'\n{json.dumps(value)}\nEND\n, true);\n"
        (self.folder / f"{file}.php").write_text(text)


@contextmanager
def running(folder: Path, people: Sequence[str], **settings: Any) -> Iterator[SimpleSamlPhp]:
    """A provider on a free port, with its files in an empty folder; see `be_provider`."""
    folder.mkdir()
    (folder / "key.pem").write_bytes(RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "certificate.pem").write_bytes(CERTIFICATE.public_bytes(Encoding.PEM))
    with socket.create_server(("127.0.0.1", 0)) as free:
        provider = SimpleSamlPhp(folder, free.getsockname()[1])
    provider.be_provider(people, settings)
    provider.meet()
    with (folder / "php.log").open("w") as log:
        process = subprocess.Popen(
            ["php", "-d", "display_errors=0", "-S", f"127.0.0.1:{provider.port}", "-t", str(HOME / "www")],
            env={**os.environ, "SIMPLESAMLPHP_CONFIG_DIR": str(folder)},
            stdout=log,
            stderr=log,
        )
    try:
        _wait(process, provider)
        yield provider
    finally:
        process.terminate()
        process.wait(timeout=10)


def _attributes(name: str) -> dict[str, list[str]]:
    return {
        "uid": [name],
        "mail": [f"{name}@example.com"],
        "cn": [f"{name.title()} Example"],
        "groups": ["readers", "writers"],
    }


def _wait(process: subprocess.Popen[bytes], provider: SimpleSamlPhp) -> None:
    end = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", provider.port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("PHP did not start:\n" + (provider.folder / "php.log").read_text())
