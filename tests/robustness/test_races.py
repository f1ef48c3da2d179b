"""Two at once, where one may win at most: sign-ups, codes, sessions, authorization codes, rotating refresh tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from botocore.exceptions import ClientError

from tests.browserless import Browser, over_sockets
from tests.journeys.people import PASSWORD, root_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.trigger_pools import add_user, app_of, sign_in, sign_up
from tests.local_cloud import LocalCloud

ROUNDS = 3
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
FORM = {"content-type": "application/x-www-form-urlencoded"}


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What calls that begin at one moment answer: a result, or the code of an error."""
    together = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return call()
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def the_winner(answers: list[Any], *losing: str) -> int:
    """Which of two got through, where the other was refused with one of these codes."""
    won = [place for place, answer in enumerate(answers) if not isinstance(answer, str)]
    assert len(won) == 1, answers
    assert answers[1 - won[0]] in losing
    return won[0]


@pytest.fixture(scope="module")
def pool(cloud: LocalCloud) -> Pool:
    return Pool.make(cloud, UsernameConfiguration={"CaseSensitive": False})


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_two_sign_ups_of_one_address_in_different_case(pool: Pool, email: str, attempt: int) -> None:
    answers = at_once(lambda: sign_up(pool, email), lambda: sign_up(pool, email.upper()))
    the_winner(answers, "UsernameExistsException")


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_a_code_used_twice(pool: Pool, email: str, attempt: int) -> None:
    pool.confirmed_person(email)
    app = app_of(pool)
    app.forgot_password(ClientId=pool.client_id, Username=email)
    request = {"ClientId": pool.client_id, "Username": email, "ConfirmationCode": pool.cloud.code(email)}
    passwords = ["First1!horse", "Second1!horse"]

    def confirm(password: str) -> Callable[[], Any]:
        return lambda: app.confirm_forgot_password(**request, Password=password)

    won = the_winner(at_once(*map(confirm, passwords)), "ExpiredCodeException")
    assert "AccessToken" in by_password(pool, email, passwords[won])["AuthenticationResult"]


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_a_session_answered_twice(pool: Pool, email: str, attempt: int) -> None:
    root_client(pool.cloud, "cognito-idp").admin_create_user(
        UserPoolId=pool.id, Username=email, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    waiting, passwords = by_password(pool, email, PASSWORD), ["First1!horse", "Second1!horse"]
    request = {"ClientId": pool.client_id, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": waiting["Session"]}

    def answer(password: str) -> Callable[[], Any]:
        responses = {"USERNAME": email, "NEW_PASSWORD": password}
        return lambda: app_of(pool).respond_to_auth_challenge(**request, ChallengeResponses=responses)

    won = the_winner(at_once(*map(answer, passwords)), "NotAuthorizedException")
    assert "AccessToken" in by_password(pool, email, passwords[won])["AuthenticationResult"]


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_a_code_exchanged_twice_leaves_nobody_tokens(cloud: LocalCloud, email: str, attempt: int) -> None:
    pool, domain, callback = Pool.make(cloud), f"own-{uuid.uuid4().hex[:8]}", "http://localhost:1/callback"
    root_client(cloud, "cognito-idp").create_user_pool_domain(UserPoolId=pool.id, Domain=domain)
    settings = {
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": [callback],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": True,
    }
    base, app = f"{cloud.endpoint}/_aws/auth/{domain}", add_client(cloud, pool.id, **settings)
    add_user(pool, email)
    asked = {"client_id": app, "response_type": "code", "redirect_uri": callback, "scope": "openid", "state": "s"}
    asked |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    browser = Browser()
    browser.open(f"{base}/oauth2/authorize?{urlencode(asked)}")
    page = browser.submit(username=email, password=PASSWORD)
    (code,) = parse_qs(urlsplit(page.url).query)["code"]
    form = {"grant_type": "authorization_code", "client_id": app, "redirect_uri": callback, "code": code}
    form["code_verifier"] = VERIFIER

    def exchange() -> Any:
        reply = over_sockets("POST", f"{base}/oauth2/token", FORM, urlencode(form).encode())
        found: Mapping[str, Any] = json.loads(reply.body)
        return found.get("error") or found

    # Either both come while neither has its tokens, or the later one ends what the earlier one got.
    answers = at_once(exchange, exchange)
    assert "invalid_grant" in answers
    for answer in answers:
        if answer != "invalid_grant":
            refresh = {"grant_type": "refresh_token", "client_id": app, "refresh_token": answer["refresh_token"]}
            assert over_sockets("POST", f"{base}/oauth2/token", FORM, urlencode(refresh).encode()).status == 400


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_a_rotating_refresh_token_without_grace_used_twice(pool: Pool, email: str, attempt: int) -> None:
    the_winner(refreshed_twice(pool, email, 0), "RefreshTokenReuseException")


def test_a_rotating_refresh_token_used_twice_within_its_grace(pool: Pool, email: str) -> None:
    answers = refreshed_twice(pool, email, 60)
    tokens = {answer["AuthenticationResult"]["RefreshToken"] for answer in answers}
    assert len(tokens) == 2


def refreshed_twice(pool: Pool, email: str, grace: int) -> list[Any]:
    """Two refreshes at once with the refresh token of a client that rotates."""
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}
    client_id = add_client(
        pool.cloud, pool.id, RefreshTokenRotation=rotation, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    rotating = Pool(pool.cloud, pool.id, client_id)
    add_user(rotating, email)
    request = {"ClientId": client_id, "RefreshToken": sign_in(rotating, email)["RefreshToken"]}
    app = app_of(rotating)
    return at_once(*[lambda: app.get_tokens_from_refresh_token(**request)] * 2)


def by_password(pool: Pool, email: str, password: str) -> Any:
    """The answer to a password: tokens, or a challenge."""
    parameters = {"USERNAME": email, "PASSWORD": password}
    return app_of(pool).initiate_auth(ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
