"""An identity pool's part: a user's tokens become AWS credentials, which a boto3 session renews by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from auth import registration
from auth.claims import unverified
from auth.errors import AuthError, TokenMalformed, aws_errors
from auth.live_tokens import LiveTokens
from auth.models import Tokens
from auth.sessions import new_session
from auth.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_identity.type_defs import CredentialsTypeDef


_log = logging.getLogger(__name__)


class Identity:
    """One identity in the identity pool: a signed-in user, or a guest if there is no token.

    `id_token()` returns an ID token that is still good each time it is called; it is called for each renewal, some
    minutes before an hour is over. The function that `AuthClient.id_tokens` makes has the access token, too: with it,
    and an `api_url` in the settings, the identity is entered into the identity map when credentials are first fetched.

    `identity_id` is that of a guest that was here before, kept by the app. It is all that proves the guest, so it is a
    secret. Together with `id_token` the guest's identity becomes the user's, or is merged into the one that the user
    has, and what was stored under it is left behind: see `auth.guests.adopt`, which leaves nothing.
    """

    def __init__(
        self, settings: Settings, id_token: Callable[[], str] | None = None, *, identity_id: str | None = None
    ) -> None:
        self.settings = settings
        self._id_token = id_token
        self._pools = settings.identity_pools()
        self._id = identity_id
        self._entered: str | None = None

    @property
    def identity_id(self) -> str:
        """`REGION:UUID`: the prefix and the partition that belong to this identity. Not the user's `sub`.

        Asked for once, which gives an identity to a user that has none. Raises NotAuthorized if the pool refuses the
        token or lets no guest in, SettingsInvalid, ….
        """
        if self._id is None:
            with aws_errors():
                answer = self._pools.get_id(
                    IdentityPoolId=self.settings.need("identity_pool_id"), Logins=self._logins()
                )
            self._id = answer["IdentityId"]
        return self._id

    @property
    def is_new(self) -> bool:
        """Whether this user is known to have no identity yet: none was asked for here, and the identity map has none.

        Asking makes none. False where nothing is known: for a guest, and without an API. Raises as `registration`.
        """
        tokens = self._api_tokens()
        return self._id is None and tokens is not None and registration.identity_of(self.settings, tokens) is None

    def session(self) -> boto3.Session:
        """A session that acts as this identity's role. Credentials are fetched at the first signed call."""
        session = new_session()
        session.register_component("credential_provider", CredentialResolver([_Provider(self._fetch)]))
        return boto3.Session(botocore_session=session, region_name=self.settings.region)

    def client(self, service: str) -> Any:
        """A boto3 client of `service` that acts as this identity, on the settings' endpoint."""
        # mypy knows a type for each service name, but not for a name that is a variable.
        return self.session().client(service, endpoint_url=self.settings.endpoint_url)  # type: ignore[call-overload]

    def link(self, identity_id: str) -> str:
        """Present another identity with this user's login; the one that the user has from now on.

        A guest's becomes the user's if it has none; else it is merged into the user's and disabled. Raises
        NotAuthorized for another user's.
        """
        self._present(identity_id)
        return self.identity_id

    def _logins(self) -> dict[str, str]:
        if self._id_token is None:
            return {}
        token = self._id_token()
        return {login_key(token): token}

    def _fetch(self) -> dict[str, str]:
        """Credentials in the form that botocore renews."""
        credentials = self._present(self.identity_id)
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }

    def _present(self, identity_id: str) -> CredentialsTypeDef:
        with aws_errors():
            answer = self._pools.get_credentials_for_identity(IdentityId=identity_id, Logins=self._logins())
        # Two identities of one user merge into one, and then the answer is about the other.
        self._id = answer["IdentityId"]
        self._enter_into_map()
        return answer["Credentials"]

    def _enter_into_map(self) -> None:
        """Tell the API once which identity this is. The keys must come whether or not it listens, so it may fail."""
        if self._entered == self._id:
            return
        self._entered = self._id
        try:
            if tokens := self._api_tokens():
                registration.register(self.settings, tokens)
        except AuthError as error:
            _log.warning("this identity was not entered into the identity map: %s", error)

    def _api_tokens(self) -> Tokens | None:
        if isinstance(self._id_token, LiveTokens) and self.settings.api_url:
            return self._id_token.current()
        return None


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
    issuer = unverified(id_token).get("iss")
    if not isinstance(issuer, str):
        raise TokenMalformed("the ID token names no issuer")
    return issuer.removeprefix("https://")
