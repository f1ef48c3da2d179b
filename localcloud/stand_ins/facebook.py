"""Facebook: the login dialog and the part of the Graph API that sign-in needs. Any version."""

from __future__ import annotations

import hmac

from localcloud.stand_ins import codes, dialog, keys, page
from localcloud.stand_ins.google import check_secret, json_answer
from localcloud.stand_ins.models import Answer, Person, StandInError, StandInRequest

NAMES = ("www.facebook.com", "graph.facebook.com")

_SECONDS = 5_184_000
"""Sixty days, as Facebook's long tokens."""

_KEPT = ("client_id", "redirect_uri", "scope", "state", "response_type")


def answer(request: StandInRequest) -> Answer:
    """Serve one request. Raises StandInError."""
    if request.path.endswith("/dialog/oauth"):
        return _dialog(request)
    name = request.path.rsplit("/", 1)[-1]
    if name == "access_token":
        return _access_token(request)
    if name in ("me", "app", "debug_token"):
        return _graph(request, name)
    return page.asset(name)


def _dialog(request: StandInRequest) -> Answer:
    def tokens(person: Person, asked: dialog.Asked) -> dict[str, str]:
        access = codes.issue(request.cloud, "access token", person, _SECONDS, client_id=asked["client_id"])
        return {"access_token": access, "expires_in": str(_SECONDS)}

    return dialog.serve(request, "Facebook", _KEPT, "token", tokens)


def _access_token(request: StandInRequest) -> Answer:
    given = {**request.query, **request.form}
    client_id = given.get("client_id", "")
    check_secret(request, client_id, given.get("client_secret", ""))
    person, about = codes.spend(request.cloud, "code", given.get("code", ""))
    if (about["client_id"], about["redirect_uri"]) != (client_id, given.get("redirect_uri")):
        raise StandInError("the code is of another app or redirect_uri", "invalid_grant")
    access = codes.issue(request.cloud, "access token", person, _SECONDS, client_id=client_id)
    return json_answer({"access_token": access, "token_type": "bearer", "expires_in": _SECONDS})


def _graph(request: StandInRequest, name: str) -> Answer:
    bearer = request.headers.get("authorization", "").partition(" ")[2]
    token = request.query.get("access_token") or bearer
    person, about = codes.read(request.cloud, "access token", request.query.get("input_token") or token)
    _check_proof(request, token)
    if name == "app":
        return json_answer({"id": about["client_id"]})
    if name == "debug_token":
        said = {"app_id": about["client_id"], "is_valid": True, "user_id": person.number("facebook")}
        return json_answer({"data": said})
    return json_answer(_profile(person, request.query.get("fields", "id,name")))


def _check_proof(request: StandInRequest, token: str) -> None:
    """A proof that comes has to be right: HMAC-SHA256 of the token under the app secret."""
    proof = request.query.get("appsecret_proof")
    made = hmac.digest(keys.client_secret(request.cloud).encode(), token.encode(), "sha256").hex()
    if proof is not None and not hmac.compare_digest(proof.encode(), made.encode()):
        raise StandInError("appsecret_proof does not fit")


def _profile(person: Person, fields: str) -> dict[str, str]:
    known = {
        "id": person.number("facebook"),
        "name": person.name,
        "first_name": person.given_name,
        "last_name": person.family_name,
        # Facebook leaves out an address that it has not verified.
        **({"email": person.email} if person.email_verified else {}),
    }
    wanted = [name.strip() for name in fields.split(",")]
    return {"id": known["id"], **{name: known[name] for name in wanted if name in known}}
