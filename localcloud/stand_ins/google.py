"""Google: an OpenID Connect provider that issues ID tokens of https://accounts.google.com.

Any client id is somebody's app; the secret is the stand-in's one. Tokens are as Google's, `email_verified` included.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from urllib.parse import unquote

import orjson

from localcloud.stand_ins import codes, dialog, keys, page
from localcloud.stand_ins.models import Answer, Person, StandInError, StandInRequest

NAME = "accounts.google.com"
ISSUER = f"https://{NAME}"

_SECONDS = 3600
_KEPT = ("client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "response_type")


def answer(request: StandInRequest) -> Answer:
    """Serve one request. Raises StandInError."""
    if request.path.endswith("/.well-known/openid-configuration"):
        return json_answer(_configuration(request.base))
    name = request.path.rsplit("/", 1)[-1]
    if name == "keys":
        return json_answer({"keys": [keys.find(request.cloud, "google").jwk]})
    if name == "authorize":
        return _authorize(request)
    if name == "token" and request.method == "POST":
        return _token(request)
    if name == "userinfo":
        return json_answer(_userinfo(request))
    return page.asset(name)


def json_answer(value: object, status: int = 200) -> Answer:
    """A JSON document, which an app's page may read, too."""
    headers = {"access-control-allow-origin": "*"}
    return Answer(status, orjson.dumps(value), "application/json", headers=headers)


def check_secret(request: StandInRequest, client_id: str, secret: str) -> None:
    """Raise StandInError unless this is the secret of the stand-ins' clients."""
    if not client_id or not hmac.compare_digest(secret.encode(), keys.client_secret(request.cloud).encode()):
        raise StandInError("the client secret is not the stand-ins' one", "invalid_client", 401)


def _configuration(base: str) -> dict[str, object]:
    return {
        "issuer": ISSUER,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo",
        "jwks_uri": f"{base}/keys",
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }


def _authorize(request: StandInRequest) -> Answer:
    def tokens(person: Person, asked: dialog.Asked) -> dict[str, str]:
        return {"id_token": _id_token(request, person, asked["client_id"], asked.get("nonce", ""))}

    return dialog.serve(request, "Google", _KEPT, "id_token", tokens)


def _token(request: StandInRequest) -> Answer:
    client_id, secret = _client(request)
    check_secret(request, client_id, secret)
    if request.form.get("grant_type") != "authorization_code":
        raise StandInError("only authorization codes are exchanged", "unsupported_grant_type")
    person, about = codes.spend(request.cloud, "code", request.form.get("code", ""))
    if (about["client_id"], about["redirect_uri"]) != (client_id, request.form.get("redirect_uri")):
        raise StandInError("the code is of another client or redirect_uri", "invalid_grant")
    if about["code_challenge"] != _challenge(request.form.get("code_verifier", "")):
        raise StandInError("the code_verifier does not fit", "invalid_grant")
    access = codes.issue(request.cloud, "access token", person, _SECONDS, client_id=client_id)
    tokens = {"access_token": access, "token_type": "Bearer", "expires_in": _SECONDS, "scope": about["scope"]}
    if "openid" in about["scope"].split():
        tokens["id_token"] = _id_token(request, person, client_id, about["nonce"], access)
    return json_answer(tokens)


def _client(request: StandInRequest) -> tuple[str, str]:
    kind, _, basic = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.form.get("client_id", ""), request.form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(basic, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise StandInError("the Authorization header is malformed", "invalid_client", 401) from error
    return unquote(client_id), unquote(secret)


def _userinfo(request: StandInRequest) -> dict[str, object]:
    token = request.headers.get("authorization", "").partition(" ")[2]
    person, _ = codes.read(request.cloud, "access token", token)
    return _claims(person)


def _id_token(request: StandInRequest, person: Person, client_id: str, nonce: str, access: str = "") -> str:
    now = int(request.cloud.clock.now())
    claims = {
        "iss": ISSUER,
        "azp": client_id,
        "aud": client_id,
        **_claims(person),
        "iat": now,
        "exp": now + _SECONDS,
        **({"nonce": nonce} if nonce else {}),
        **({"at_hash": _encode(hashlib.sha256(access.encode()).digest()[:16])} if access else {}),
    }
    return keys.find(request.cloud, "google").sign(claims)


def _claims(person: Person) -> dict[str, object]:
    return {
        "sub": person.number("google"),
        "email": person.email,
        "email_verified": person.email_verified,
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }


def _challenge(verifier: str) -> str:
    return _encode(hashlib.sha256(verifier.encode()).digest()) if verifier else ""


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
