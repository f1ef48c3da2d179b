"""Users of an older directory: a function that knows them makes them users of the pool, over sockets."""

from __future__ import annotations

from typing import Any

from auth.errors import NotAuthorized
from tests.journeys.functions import Function
from tests.journeys.people import PASSWORD, root_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import refusal
from tests.journeys.trigger_pools import app_of, is_there, pool_with
from tests.local_cloud import LocalCloud

DIRECTORY = f"""
def handler(event, context):
    if event["triggerSource"] == "UserMigration_Authentication" and event["request"]["password"] != {PASSWORD!r}:
        raise Exception("wrong password")
    verified = {{"email": event["userName"], "email_verified": "true"}}
    event["response"] = {{"userAttributes": verified, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}}
    return event
"""


def older_pool(cloud: LocalCloud) -> Pool:
    """A pool in front of a directory that knows everybody by one password."""
    return pool_with(cloud, "UserMigration", Function.make(cloud, DIRECTORY))


def by_password(pool: Pool, email: str, password: str) -> Any:
    parameters = {"USERNAME": email, "PASSWORD": password}
    return app_of(pool).initiate_auth(ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def test_somebody_moves_over_at_the_first_sign_in_and_goes_on_by_srp(cloud: LocalCloud, email: str) -> None:
    pool = older_pool(cloud)
    wrong = refusal(by_password, pool=pool, email=email, password="Wrong-Horse-7")
    assert wrong == ("UserLambdaValidationException", "UserMigration failed with error wrong password.")
    assert not is_there(pool, email)
    assert by_password(pool, email, PASSWORD)["AuthenticationResult"]["IdToken"]
    assert is_there(pool, email)
    assert cloud.get(f"outbox?to={email}")[0] == 404
    signed_in = pool.person(email).client.sign_in(email, PASSWORD)
    assert not isinstance(signed_in, NotAuthorized)


def test_somebody_moves_over_by_a_forgotten_password(cloud: LocalCloud, email: str) -> None:
    pool = older_pool(cloud)
    who = {"ClientId": pool.client_id, "Username": email}
    app_of(pool).forgot_password(**who)
    chosen = "Another-Horse-7"
    app_of(pool).confirm_forgot_password(**who, ConfirmationCode=cloud.code(email), Password=chosen)
    assert by_password(pool, email, chosen)["AuthenticationResult"]["IdToken"]
    user = root_client(cloud, "cognito-idp").admin_get_user(UserPoolId=pool.id, Username=email)
    assert user["UserStatus"] == "CONFIRMED"
