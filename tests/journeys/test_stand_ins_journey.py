"""The stand-ins of Google, Facebook and a company to an upload: by the user pool, or straight to an identity pool."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.browserless import Browser, over_sockets
from tests.journeys.federated import CALLBACK, PROVIDERS, FederatedApp, choose, own_file, upload
from tests.journeys.identity_pools import IdentityPool
from tests.journeys.people import client
from tests.journeys.refusals import is_denied, refusal
from tests.local_cloud import LocalCloud

GOOGLE, FACEBOOK = "accounts.google.com", "graph.facebook.com"
APPS = {GOOGLE: "app-1.apps.googleusercontent.com", FACEBOOK: "100000000000002"}
PAGES = {GOOGLE: "google/authorize", FACEBOOK: "facebook/v24.0/dialog/oauth"}
PUBLIC = ("google/keys", "google/.well-known/openid-configuration", "saml/metadata")


@pytest.fixture(scope="module")
def straight(federated: FederatedApp) -> IdentityPool:
    """An identity pool that takes tokens of Google and Facebook, with no user pool between."""
    return open_pool(federated.cloud)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_to_an_upload(federated: FederatedApp, email: str, provider: str) -> None:
    """By the user pool's tokens; the keys reach the user's own folder, which is the same one the next time."""
    cloud, arrival = federated.cloud, federated.arrive(provider, email)
    identity_id = upload(arrival, cloud, "note")
    assert (arrival.claims["email"], arrival.providers) == (email, [provider])
    other = federated.arrive(provider, f"other-{email}")
    assert upload(other, cloud, "note") != identity_id
    for call in (other.identity.client("s3").get_object, other.identity.client("s3").delete_object):
        assert is_denied(call, **own_file(cloud, identity_id, "note"))
    assert upload(federated.arrive(provider, email), cloud, "note") == identity_id


def test_a_person_reads_the_companys_own_name(federated: FederatedApp) -> None:
    page = Browser().open(federated.ui.begin(CALLBACK).url)
    assert [name for name in PROVIDERS if f"Continue with {name}<" in page.html] == list(PROVIDERS)


@pytest.mark.parametrize("provider", APPS)
def test_a_token_straight_to_an_upload(straight: IdentityPool, email: str, provider: str) -> None:
    cloud, logins = straight.cloud, {provider: token(straight.cloud, provider, email)}
    identity_id = straight.get_id(logins)
    s3 = client(cloud, "s3", straight.credentials(identity_id, logins))
    s3.put_object(Bucket=straight.bucket, Key=f"{identity_id}/note", Body=b"mine")
    assert straight.get_id({provider: token(cloud, provider, email)}) == identity_id
    other = straight.get_id({provider: token(cloud, provider, f"other-{email}")})
    assert other != identity_id
    assert is_denied(s3.put_object, Bucket=straight.bucket, Key=f"{other}/note", Body=b"not mine")


@pytest.mark.parametrize("provider", APPS)
def test_attack_a_token_that_was_given_to_another_app(straight: IdentityPool, email: str, provider: str) -> None:
    """Whoever runs an app has its users' tokens, and would be them here."""
    logins = {provider: token(straight.cloud, provider, email, client_id="999")}
    assert refusal(straight.get_id, logins=logins).code == "NotAuthorizedException"


def test_keys_stay_with_the_data_folder_and_stand_ins_with_their_option(
    fresh_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh_cloud.options = ("--no-stack", "--stand-ins")
    fresh_cloud.start()
    pool, published = open_pool(fresh_cloud), documents(fresh_cloud)
    logins = {GOOGLE: token(fresh_cloud, GOOGLE, "ada@example.com")}
    identity_id = pool.get_id(logins)
    fresh_cloud.stop()
    fresh_cloud.start()
    assert documents(fresh_cloud) == published
    assert pool.credentials(identity_id, logins)["SessionToken"]
    fresh_cloud.stop()

    fresh_cloud.options = ("--no-stack",)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nothing leaves this machine, whatever network it has
    fresh_cloud.start()
    pages = [*PUBLIC, *PAGES.values(), "saml/sso", "facebook/me", "google/style.css"]
    assert {status for status, _ in (get(fresh_cloud, page) for page in pages)} == {404}
    told = refusal(pool.credentials, identity_id=identity_id, logins=logins)
    assert f"https://{GOOGLE}/" in told.message, "the real one is asked"


def open_pool(cloud: LocalCloud) -> IdentityPool:
    """An identity pool for both, whose users write under their own identity's name."""
    pool = IdentityPool.make(cloud, SupportedLoginProviders=APPS, AllowUnauthenticatedIdentities=False)
    own = f"arn:aws:s3:::{pool.bucket}/${{cognito-identity.amazonaws.com:sub}}/*"
    role = pool.role([{"Effect": "Allow", "Action": "s3:PutObject", "Resource": own}])
    pool.root.set_identity_pool_roles(IdentityPoolId=pool.id, Roles={"authenticated": role})
    return pool


def token(cloud: LocalCloud, provider: str, email: str, client_id: str = "") -> str:
    """What an app without a server gets of a provider: Google's ID token, Facebook's access token."""
    kind = "id_token" if provider == GOOGLE else "token"
    asked = {"client_id": client_id or APPS[provider], "redirect_uri": CALLBACK, "response_type": kind}
    browser = Browser(stays_at=lambda url: url.startswith(cloud.endpoint))
    choose(browser, f"{address(cloud, PAGES[provider])}?{urlencode({**asked, 'scope': 'email', 'nonce': 'n'})}", email)
    told = dict(parse_qsl(urlsplit(browser.page.url).fragment))
    return told["id_token" if provider == GOOGLE else "access_token"]


def documents(cloud: LocalCloud) -> list[tuple[int, bytes]]:
    """What relying parties read of the stand-ins."""
    return [get(cloud, page) for page in PUBLIC]


def get(cloud: LocalCloud, page: str) -> tuple[int, bytes]:
    reply = over_sockets("GET", address(cloud, page), {}, b"")
    return reply.status, reply.body


def address(cloud: LocalCloud, page: str) -> str:
    return f"{cloud.endpoint}/_localcloud/stand-ins/{page}"
