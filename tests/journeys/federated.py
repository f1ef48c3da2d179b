"""People of Google, Facebook and a company: an app with managed login, whose users come from the cloud's stand-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auth import HostedUi, Identity, Tokens
from auth.tokens import Claims
from localcloud.stand_ins.models import Person as Somebody
from tests.browserless import Browser
from tests.journeys.people import Person, root_client, settings_of
from tests.local_cloud import LocalCloud

COMPANY = "例示商事"
"""What users read of their company; the template's own name for it, Saml, says nothing to them."""
PROVIDERS = ("Google", "Facebook", COMPANY)
CALLBACK = "http://localhost:3000/callback"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who has come from a provider: the app's tokens, and what the ID token says."""

    tokens: Tokens
    claims: Claims
    identity: Identity

    @property
    def sub(self) -> str:
        return str(self.claims["sub"])

    @property
    def providers(self) -> list[str]:
        """The providers of the user's identities, in the order in which they came."""
        return [identity["providerName"] for identity in self.claims["identities"]]


@dataclass(frozen=True, slots=True)
class FederatedApp:
    """The stack's app on a cloud with stand-ins."""

    cloud: LocalCloud
    ui: HostedUi

    @classmethod
    def of(cls, cloud: LocalCloud) -> FederatedApp:
        return cls(cloud, HostedUi(settings_of(cloud), cloud.now))

    @property
    def root(self) -> Any:
        """User pools, as the root."""
        return root_client(self.cloud, "cognito-idp")

    @property
    def pool_id(self) -> str:
        return self.cloud.outputs["UserPoolId"]

    def arrive(self, provider: str, email: str, *, verified: bool = True) -> Arrival:
        """Sign in with a provider, in a browser that has never been here. Raises AuthError where that is refused."""
        attempt = self.ui.begin(CALLBACK, provider=provider)
        browser = Browser(stays_at=lambda url: url.startswith(self.cloud.endpoint))
        choose(browser, attempt.url, email, verified=verified)
        assert browser.page.left, browser.page.html
        tokens = self.ui.finish(attempt, browser.page.url)
        return Arrival(tokens, self.ui.claims(tokens), Identity(settings_of(self.cloud), lambda: tokens.id_token))

    def users(self, email: str) -> list[dict[str, Any]]:
        """The pool's users of an address: their attributes, with name and status."""
        found = self.root.list_users(UserPoolId=self.pool_id, Filter=f'email = "{email}"')["Users"]
        return [
            {entry["Name"]: entry["Value"] for entry in user["Attributes"]}
            | {"name": user["Username"], "status": user["UserStatus"]}
            for user in found
        ]

    def user(self, email: str) -> dict[str, Any]:
        """The only user of an address."""
        (user,) = self.users(email)
        return user

    def admin(self, operation: str, email: str, **more: Any) -> Any:
        """An administrator's call about the pool's own user of that address."""
        return getattr(self.root, operation)(UserPoolId=self.pool_id, Username=email, **more)

    def visitor(self, email: str) -> Person:
        """Somebody at the app's own form, who has not signed up."""
        from auth import AuthClient

        return Person(self.cloud, email, AuthClient(settings_of(self.cloud), now=self.cloud.now))


def choose(browser: Browser, url: str, email: str, *, verified: bool = True) -> None:
    """Be somebody at a stand-in, and let the browser go on to where it is sent."""
    page = browser.open(url)
    if page.left:
        return
    form = page.forms["somebody-else"]
    unticked = {name: value for name, value in form.fields.items() if name != "email_verified"}
    browser.post(form, {**(form.fields if verified else unticked), "email": email, "name": "Some Body"})
    if not browser.page.left:  # SAML: a form on its way to the pool
        browser.submit()


def subject(provider: str, email: str) -> str:
    """The provider's own id of the user of an address."""
    return Somebody(email, "").number("saml" if provider == COMPANY else provider.lower())


def upload(arrival: Arrival | Person, cloud: LocalCloud, name: str) -> str:
    """Put a file where only its owner may, and read it. The identity's id."""
    identity = arrival.identity if isinstance(arrival, Arrival) else arrival.identity()
    file = own_file(cloud, identity.identity_id, name)
    s3 = identity.client("s3")
    s3.put_object(**file, Body=name.encode())
    assert s3.get_object(**file)["Body"].read() == name.encode()
    return identity.identity_id


def own_file(cloud: LocalCloud, identity_id: str, name: str) -> Mapping[str, str]:
    """A file under an identity's own prefix, in the words of S3's calls."""
    return {"Bucket": cloud.outputs["UserDataBucket"], "Key": f"private/{identity_id}/{name}"}
