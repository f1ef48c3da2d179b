"""The stand-ins answer as the real providers do, and only to apps on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography import x509
from lxml import etree
from signxml.verifier import SignatureConfiguration, XMLVerifier

from localcloud.clock import Clock
from localcloud.context import Cloud
from localcloud.seal import Sealer
from localcloud.server import kinds
from localcloud.stand_ins import door, keys
from localcloud.stand_ins.models import PREFIX
from localcloud.store import Store
from localcloud.wire.http import HttpRequest
from localcloud.wire.web import FORM, Answer

APP = "http://localhost:3000/callback"
NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


class Visitor:
    """Asks the stand-ins without a socket."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.door = door.Door(cloud, None)  # type: ignore[arg-type]

    def get(self, path: str, query: dict[str, str] | None = None, **headers: str) -> Answer:
        return self.door.answer(HttpRequest("GET", PREFIX + path, urlencode(query or {}), headers), b"")

    def post(self, path: str, form: dict[str, str]) -> Answer:
        head = HttpRequest("POST", PREFIX + path, "", {"content-type": FORM})
        return self.door.answer(head, urlencode(form).encode())

    @property
    def secret(self) -> str:
        return keys.client_secret(self.cloud)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    store = Store(None, kinds())
    yield Visitor(Cloud(store=store, clock=Clock(), sealer=Sealer(b"k" * 32)))
    store.close()


def choice(**more: str) -> dict[str, str]:
    return {"email": "ada@example.com", "name": "Ada Example", "email_verified": "true", **more}


def code_of(answer: Answer) -> str:
    assert answer.status == HTTPStatus.SEE_OTHER, answer.body
    return parse_qs(urlsplit(answer.location).query)["code"][0]


def google_code(visitor: Visitor, **more: str) -> str:
    asked = {"client_id": "app", "redirect_uri": APP, "scope": "openid email", "nonce": "n-1", **more}
    return code_of(visitor.post("google/authorize", choice(**asked)))


def exchange(visitor: Visitor, issued: str, **more: str) -> Answer:
    form = {"grant_type": "authorization_code", "code": issued, "redirect_uri": APP, "client_id": "app"}
    return visitor.post("google/token", {**form, "client_secret": visitor.secret, **more})


def test_google_signs_in_by_code(visitor: Visitor) -> None:
    tokens = json.loads(exchange(visitor, google_code(visitor)).body)
    document = json.loads(visitor.get("google/keys").body)
    key = jwt.PyJWKSet.from_dict(document).keys[0].key
    claims = jwt.decode(tokens["id_token"], key, ["RS256"], audience="app", issuer="https://accounts.google.com")
    assert (claims["email"], claims["email_verified"], claims["nonce"]) == ("ada@example.com", True, "n-1")
    profile = json.loads(visitor.get("google/userinfo", authorization=f"Bearer {tokens['access_token']}").body)
    assert profile["sub"] == claims["sub"]
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def test_google_gives_an_id_token_at_once_to_an_app_of_its_own(visitor: Visitor) -> None:
    asked = {"client_id": "app", "redirect_uri": APP, "response_type": "id_token", "nonce": "n-2", "state": "s"}
    fragment = parse_qs(urlsplit(visitor.post("google/authorize", choice(**asked)).location).fragment)
    claims = jwt.decode(fragment["id_token"][0], options={"verify_signature": False})
    assert (claims["aud"], claims["nonce"], fragment["state"]) == ("app", "n-2", ["s"])


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"redirect_uri": "http://localhost:3000/other"}, "invalid_grant"),
        ({"client_id": "other"}, "invalid_grant"),
        ({"code_verifier": "surplus"}, "invalid_grant"),
        ({"code": "made-up"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_google_refuses_what_google_refuses(visitor: Visitor, more: dict[str, str], error: str) -> None:
    answer = exchange(visitor, google_code(visitor), **more)
    assert json.loads(answer.body)["error"] == error


def test_a_code_is_good_once_and_for_five_minutes(visitor: Visitor) -> None:
    code = google_code(visitor)
    assert exchange(visitor, code).status == HTTPStatus.OK
    assert json.loads(exchange(visitor, code).body)["error"] == "invalid_grant"
    late = google_code(visitor)
    visitor.cloud.clock.advance(301)
    assert json.loads(exchange(visitor, late).body)["error"] == "invalid_grant"


def test_facebook_signs_in_and_leaves_out_an_address_that_it_has_not_verified(visitor: Visitor) -> None:
    for verified in (True, False):
        form = choice(client_id="42", redirect_uri=APP, state="s")
        if not verified:
            del form["email_verified"]
        given = {"client_id": "42", "client_secret": visitor.secret, "redirect_uri": APP}
        code = code_of(visitor.post("facebook/v21.0/dialog/oauth", form))
        token = json.loads(visitor.get("facebook/v21.0/oauth/access_token", {**given, "code": code}).body)[
            "access_token"
        ]
        profile = json.loads(visitor.get("facebook/me", {"access_token": token, "fields": "id,email,first_name"}).body)
        assert (profile.get("email"), profile["first_name"]) == ("ada@example.com" if verified else None, "Ada")
        assert json.loads(visitor.get("facebook/app", {"access_token": token, "fields": "id"}).body) == {"id": "42"}


def authn_request(consumer: str = APP) -> str:
    document = (
        f'<samlp:AuthnRequest xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" ID="_1" Version="2.0"'
        f' AssertionConsumerServiceURL="{consumer}"><saml:Issuer>urn:app</saml:Issuer></samlp:AuthnRequest>'
    )
    compressor = zlib.compressobj(wbits=-15)
    return base64.b64encode(compressor.compress(document.encode()) + compressor.flush()).decode()


def test_the_saml_provider_signs_what_its_metadata_promises(visitor: Visitor) -> None:
    metadata = etree.fromstring(visitor.get("saml/metadata").body)
    encoded = metadata.findtext(".//ds:X509Certificate", namespaces=NAMES)
    assert encoded is not None
    certificate = x509.load_der_x509_certificate(base64.b64decode(encoded))
    asked = visitor.get("saml/sso", {"SAMLRequest": authn_request(), "RelayState": "s"})
    kept = {field.get("name"): field.get("value") for field in etree.HTML(asked.body).iter("input")}
    answer = visitor.post("saml/sso", choice(SAMLRequest=str(kept["SAMLRequest"]), RelayState="s"))
    fields = {field.get("name"): field.get("value") for field in etree.HTML(answer.body).iter("input")}
    response = etree.fromstring(base64.b64decode(str(fields["SAMLResponse"])))
    config = SignatureConfiguration(location="./saml:Assertion/".replace("saml:", f"{{{NAMES['saml']}}}"))
    for expected in (SignatureConfiguration(location="./"), config):
        XMLVerifier().verify(response, x509_cert=certificate, expect_config=expected)
    assert response.findtext(".//saml:Audience", namespaces=NAMES) == "urn:app"
    assert (response.get("InResponseTo"), fields["RelayState"]) == ("_1", "s")


@pytest.mark.parametrize(
    "uri",
    [
        *("https://evil.example/", "http://localhost.evil.example/", "//evil.example", "javascript:alert(1)", ""),
        # A backslash is a slash to browsers, and a line break would begin another header.
        *("http://evil.example\\@127.0.0.1/", "http://127.0.0.1/\r\nset-cookie: evil=1", "http://a@127.0.0.1/"),
        *("http://[x", "http://é@127.0.0.1/", "VBSCRIPT:x", "http:evil.example"),
    ],
)
def test_attack_an_answer_sent_off_this_machine(visitor: Visitor, uri: str) -> None:
    for name in ("google/authorize", "facebook/dialog/oauth"):
        for answer in (
            visitor.get(name, {"client_id": "app", "redirect_uri": uri}),
            visitor.post(name, choice(client_id="app", redirect_uri=uri)),
        ):
            assert (answer.status, answer.location) == (HTTPStatus.BAD_REQUEST, "")
    assert visitor.get("saml/sso", {"SAMLRequest": authn_request(uri)}).status == HTTPStatus.BAD_REQUEST


def test_attack_a_name_without_end(visitor: Visitor) -> None:
    """What is kept of an app is its name, and whoever can make a browser post here may choose it."""
    document = zlib.decompress(base64.b64decode(authn_request()), -15)
    for times, status in ((1, HTTPStatus.OK), (200, HTTPStatus.BAD_REQUEST)):
        request = base64.b64encode(document.replace(b"urn:app", b"urn:app" * times)).decode()
        assert visitor.post("saml/sso", {"SAMLRequest": request, **choice()}).status == status


def test_attack_a_foreign_name_that_was_made_to_resolve_to_this_machine(visitor: Visitor) -> None:
    """DNS rebinding: a page that reads a signed response for anybody it likes."""
    assert visitor.get("saml/metadata", host="evil.example:4566").status == HTTPStatus.MISDIRECTED_REQUEST
    assert visitor.get("saml/metadata", host="localhost:4566").status == HTTPStatus.OK


def test_attack_markup_in_what_is_kept_on_the_page(visitor: Visitor) -> None:
    page = visitor.get("google/authorize", {"client_id": '"><script>', "redirect_uri": APP, "state": "<b>"}).body
    assert b"<script>" not in page
    assert b"<b>" not in page


def test_keys_stay_with_the_data_folder(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        store = Store(tmp_path, kinds())
        cloud = Cloud(store=store, clock=Clock(), sealer=Sealer(b"k" * 32))
        found.append([Visitor(cloud).get(path).body for path in ("google/keys", "saml/metadata")])
        store.close()
    assert found[0] == found[1]
