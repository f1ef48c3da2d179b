"""An identity's boto3 session fetches credentials when needed, renews them, and says which identity it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from auth.credentials import Identity, login_key
from auth.errors import NotAuthorized, SettingsInvalid, TokenMalformed
from auth.settings import Settings
from tests.auth.minting import ID, part

SETTINGS = Settings(region="eu-west-1", identity_pool_id="eu-west-1:pool", endpoint_url="http://127.0.0.1:4566")
TOKEN = f"{part({})}.{part(ID)}.signature"
LOGINS = {"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc": TOKEN}


class IdentityPool:
    """Answers GetId and GetCredentialsForIdentity; counts what it was asked."""

    def __init__(self, lifetime: timedelta = timedelta(hours=1)) -> None:
        self.lifetime, self.asked = lifetime, list[str]()
        self.identity = "eu-west-1:id-1"
        self.logins: dict[str, str] = LOGINS

    def get_id(self, IdentityPoolId: str, Logins: dict[str, str]) -> dict[str, Any]:  # noqa: N803
        self.asked.append("GetId")
        self._check(Logins)
        assert IdentityPoolId == "eu-west-1:pool"
        return {"IdentityId": self.identity}

    def get_credentials_for_identity(self, IdentityId: str, Logins: dict[str, str]) -> dict[str, Any]:  # noqa: N803
        self.asked.append("GetCredentialsForIdentity")
        self._check(Logins)
        keys = {"AccessKeyId": f"ASIA{len(self.asked)}", "SecretKey": "secret", "SessionToken": "token"}
        keys["Expiration"] = datetime.now(UTC) + self.lifetime  # type: ignore[assignment]
        return {"IdentityId": self.identity, "Credentials": keys}

    def _check(self, logins: dict[str, str]) -> None:
        if logins != self.logins:
            raise ClientError({"Error": {"Code": "NotAuthorizedException", "Message": "no"}}, "GetId")


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> IdentityPool:
    pool = IdentityPool()
    monkeypatch.setattr(Settings, "identity_pools", lambda _: pool)
    return pool


def access_key(identity_session: Any) -> str:
    return str(identity_session.get_credentials().get_frozen_credentials().access_key)


def test_credentials_are_fetched_when_needed_and_kept(pool: IdentityPool) -> None:
    identity = Identity(SETTINGS, lambda: TOKEN)
    session = identity.session()
    assert pool.asked == []
    assert access_key(session) == access_key(session) == "ASIA2"
    assert pool.asked == ["GetId", "GetCredentialsForIdentity"]
    assert identity.identity_id == "eu-west-1:id-1"
    assert session.region_name == "eu-west-1"


def test_credentials_are_renewed_before_they_end(pool: IdentityPool) -> None:
    pool.lifetime = timedelta(minutes=5)
    tokens = iter([TOKEN] * 9)
    session = Identity(SETTINGS, lambda: next(tokens)).session()
    assert access_key(session) != access_key(session)
    assert pool.asked.count("GetId") == 1


def test_a_guest_has_no_token(pool: IdentityPool) -> None:
    pool.logins = {}
    assert access_key(Identity(SETTINGS).session()) == "ASIA2"


def test_a_guest_of_before_is_not_asked_for_again(pool: IdentityPool) -> None:
    pool.logins = {}
    guest = Identity(SETTINGS, identity_id=pool.identity)
    assert guest.identity_id == pool.identity
    assert access_key(guest.session())
    assert pool.asked == ["GetCredentialsForIdentity"]


def test_a_guests_identity_is_linked(pool: IdentityPool) -> None:
    user = Identity(SETTINGS, lambda: TOKEN)
    pool.identity = "eu-west-1:guest"
    assert user.link("eu-west-1:guest") == user.identity_id == "eu-west-1:guest"
    assert pool.asked == ["GetCredentialsForIdentity"], "asking for an identity first would make another"


def test_a_merged_identity_is_noticed(pool: IdentityPool) -> None:
    identity = Identity(SETTINGS, lambda: TOKEN)
    assert identity.identity_id == "eu-west-1:id-1"
    pool.identity = "eu-west-1:id-2"
    access_key(identity.session())
    assert identity.identity_id == "eu-west-1:id-2"


def test_a_refused_token_is_one_of_our_errors(pool: IdentityPool) -> None:
    pool.logins = {}
    identity = Identity(SETTINGS, lambda: TOKEN)
    with pytest.raises(NotAuthorized):
        identity.identity_id  # noqa: B018
    with pytest.raises(NotAuthorized):
        access_key(identity.session())


def test_the_callers_own_credentials_are_never_used(pool: IdentityPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack: a user's request goes out under the server's own role, because the identity pool said no."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOWN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "own")
    pool.logins = {"another": "token"}
    with pytest.raises(NotAuthorized):
        Identity(SETTINGS).client("s3").list_buckets()


def test_clients_use_the_endpoint_and_the_identity(pool: IdentityPool) -> None:
    s3 = Identity(SETTINGS, lambda: TOKEN).client("s3")
    assert s3.meta.endpoint_url == "http://127.0.0.1:4566"
    assert s3._request_signer._credentials.get_frozen_credentials().access_key == "ASIA2"


def test_a_missing_identity_pool_is_named(pool: IdentityPool) -> None:
    with pytest.raises(SettingsInvalid, match="GATEHOUSE_IDENTITY_POOL_ID"):
        Identity(Settings(region="eu-west-1")).identity_id  # noqa: B018


def test_the_login_is_called_as_the_token_says() -> None:
    assert login_key(TOKEN) == "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"
    local = f"{part({})}.{part(ID | {'iss': 'http://127.0.0.1:4566/eu-west-1_Abc'})}."
    assert login_key(local) == "http://127.0.0.1:4566/eu-west-1_Abc"


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.!.c", f"a.{part([])}.c", f"a.{part({})}.c", f"a.{part({'iss': 1})}.c"]
)
def test_a_token_without_an_issuer_is_refused(token: str) -> None:
    with pytest.raises(TokenMalformed):
        login_key(token)
