"""An identity pool's part: a user's tokens become AWS credentials, which a boto3 session renews by itself."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import boto3
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials
from botocore.session import get_session

from auth.errors import TokenMalformed, aws_errors
from auth.settings import Settings


class Identity:
    """One identity in the identity pool: a signed-in user, or a guest if there is no token.

    `id_token()` returns an ID token that is still good each time it is called (`AuthClient.id_tokens` makes such a
    function); it is called for each renewal, some minutes before an hour is over.
    """

    def __init__(self, settings: Settings, id_token: Callable[[], str] | None = None) -> None:
        self._settings = settings
        self._id_token = id_token
        self._pools = settings.identity_pools()
        self._id: str | None = None

    @property
    def identity_id(self) -> str:
        """`REGION:UUID`: the prefix and the partition that belong to this identity. Not the user's `sub`.

        Asked for once. Raises NotAuthorized if the pool refuses the token or lets no guest in, SettingsInvalid, ….
        """
        if self._id is None:
            with aws_errors():
                answer = self._pools.get_id(
                    IdentityPoolId=self._settings.need("identity_pool_id"), Logins=self._logins()
                )
            self._id = answer["IdentityId"]
        return self._id

    def session(self) -> boto3.Session:
        """A session that acts as this identity's role. Credentials are fetched at the first signed call."""
        session = get_session()
        session.register_component("credential_provider", CredentialResolver([_Provider(self._fetch)]))
        return boto3.Session(botocore_session=session, region_name=self._settings.region)

    def client(self, service: str) -> Any:
        """A boto3 client of `service` that acts as this identity, on the settings' endpoint."""
        # mypy knows a type for each service name, but not for a name that is a variable.
        return self.session().client(service, endpoint_url=self._settings.endpoint_url)  # type: ignore[call-overload]

    def _logins(self) -> dict[str, str]:
        if self._id_token is None:
            return {}
        token = self._id_token()
        return {login_key(token): token}

    def _fetch(self) -> dict[str, str]:
        """Credentials in the form that botocore renews."""
        with aws_errors():
            answer = self._pools.get_credentials_for_identity(IdentityId=self.identity_id, Logins=self._logins())
        # Two identities of one user merge into one, and then the answer is about the other.
        self._id = answer["IdentityId"]
        credentials = answer["Credentials"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }


class _Provider(CredentialProvider):
    METHOD = "cognito-identity"

    def __init__(self, fetch: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._fetch = fetch

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(refresh_using=self._fetch, method=self.METHOD)


def login_key(id_token: str) -> str:
    """What an identity pool calls the token's issuer: `cognito-idp.REGION.amazonaws.com/POOL`.

    Read from the token, as Amplify does, without trusting it: the identity pool verifies it. Raises TokenMalformed.
    """
    try:
        body = id_token.split(".")[1]
        issuer: str = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))["iss"]
        return issuer.removeprefix("https://")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise TokenMalformed("the ID token names no issuer") from error
