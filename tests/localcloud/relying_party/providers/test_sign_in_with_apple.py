"""Apple: a secret that the team's key signs, an answer that is posted, and a name that comes once."""

from __future__ import annotations

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from localcloud.federation.errors import FederationError
from localcloud.relying_party.providers import sign_in_with_apple
from tests.localcloud.federation.conftest import CLIENT, NOW
from tests.localcloud.federation.stand_in import EC, RSA, PrivateKey, sign
from tests.localcloud.relying_party.journey import CODE, STATE, Journey

NAME = "appleid.apple.com"
USER = {"name": {"firstName": "Ada", "lastName": "Example"}, "email": "bob@example.com"}


def pem(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def bare(key: PrivateKey) -> str:
    return base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


@pytest.fixture
def back(journey: Journey) -> Journey:
    journey.module, journey.issuer = sign_in_with_apple, f"https://{NAME}"
    journey.cloud.providers = {NAME: journey.stand_in.url}
    del journey.details["client_secret"]
    journey.details |= {"team_id": "TEAM1", "key_id": "KEY1", "private_key": bare(EC["ES256"])}
    journey.details["authorize_scopes"] = "name email"
    journey.discoverable(userinfo_endpoint=None)
    journey.leave()
    journey.serve()
    return journey


def test_the_secret_is_a_token_of_the_team(back: Journey) -> None:
    back.arrive()
    secret = back.stand_in.posted[0]["client_secret"]
    assert jwt.get_unverified_header(secret) == {"alg": "ES256", "kid": "KEY1"}
    options = {"verify_exp": False, "verify_iat": False}
    public = EC["ES256"].public_key()
    claims = jwt.decode(secret, public, ["ES256"], audience=f"https://{NAME}", options=options)  # type: ignore[arg-type]
    assert claims == {
        "iss": "TEAM1",
        "sub": CLIENT,
        "aud": f"https://{NAME}",
        "iat": int(NOW),
        "exp": int(NOW) + 300,
    }


@pytest.mark.parametrize("form", [pem, bare, lambda key: pem(key).replace("\n", "\\n"), lambda key: f" {pem(key)}\r\n"])
def test_the_key_is_taken_in_each_form(back: Journey, form: object) -> None:
    assert callable(form)
    back.details["private_key"] = form(EC["ES256"])
    assert back.arrive().subject == "user-ada"


@pytest.mark.parametrize(
    "key",
    [bare(RSA), bare(EC["ES384"]), pem(EC["ES256"])[:80], "Secret", ""],
    ids=["RSA", "P-384", "cut off", "no key", "empty"],
)
def test_another_key_is_refused_before_anybody_leaves(back: Journey, key: str) -> None:
    back.details["private_key"] = key
    with pytest.raises(FederationError) as caught:
        back.leave()
    assert str(caught.value) == "private_key is no PKCS #8 key on the curve P-256."
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("scopes", "mode"), [("name email", "form_post"), ("email", "form_post"), ("openid", None)])
def test_apple_posts_its_answer_when_it_is_asked_for_something(back: Journey, scopes: str, mode: str | None) -> None:
    back.details["authorize_scopes"] = scopes
    assert back.leave().get("response_mode") == mode


def test_the_name_comes_with_the_first_answer(back: Journey) -> None:
    arrival = back.arrive({"state": STATE, "code": CODE, "user": json.dumps(USER)})
    claims = arrival.claims
    assert (claims["firstName"], claims["lastName"], claims["name"]) == ("Ada", "Example", "Ada Example")
    assert arrival.sources["userInfo"] == {"firstName": "Ada", "lastName": "Example", "name": "Ada Example"}


def test_an_address_counts_only_where_apple_signed_it(back: Journey) -> None:
    """Attack: `user` is a field of a form in the user's own browser, which may claim anybody's address."""
    user = {**USER, "email_verified": True, "sub": "user-bob", "name": {**USER["name"], "email": "bob@example.com"}}  # type: ignore[dict-item]
    arrival = back.arrive({"state": STATE, "code": CODE, "user": json.dumps(user)})
    assert (arrival.subject, arrival.claims["sub"], arrival.claims["email"]) == (
        "user-ada",
        "user-ada",
        "ada@example.com",
    )
    assert "email_verified" not in arrival.claims
    back.serve(sign(back.good_claims(name="Signed")))
    assert back.arrive({"state": STATE, "code": CODE, "user": json.dumps(user)}).claims["name"] == "Signed"


@pytest.mark.parametrize(
    "user",
    ["", "x", "[]", "7", "{}", '{"name": 7}', '{"name": {"firstName": 7}}', '{"name": null}', "x" * 5000, "[" * 4000],
)
def test_a_user_that_says_nothing_is_nobodys_loss(back: Journey, user: str) -> None:
    arrival = back.arrive({"state": STATE, "code": CODE, "user": user})
    assert (arrival.subject, arrival.sources["userInfo"]) == ("user-ada", {})
