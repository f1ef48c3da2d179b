"""Pools with a trigger that a test writes, and their users."""

from __future__ import annotations

from typing import Any

from tests.journeys.functions import Function
from tests.journeys.people import PASSWORD, root_client, unsigned_client
from tests.journeys.pools import Pool
from tests.local_cloud import LocalCloud

SHOW = "import json\ndef handler(event, context):\n    print('EVENT ' + json.dumps(event))\n    return event\n"


def doing(*lines: str) -> str:
    """A module whose handler runs these lines on `event` and its `response`, and gives the event back."""
    body = "\n".join(f"    {line}" for line in ("response = event['response']", *lines))
    return f"def handler(event, context):\n{body}\n    return event\n"


def pool_with(cloud: LocalCloud, trigger: str, function: Function, **settings: Any) -> Pool:
    """A pool that calls the function at this trigger, and may."""
    pool = Pool.make(cloud, LambdaConfig={trigger: function.arn}, **settings)
    function.let_in(pool)
    return pool


def token_pool(cloud: LocalCloud, source: str, version: str = "V2_0", timeout: int = 3) -> tuple[Pool, Function]:
    """A pool whose tokens the function may change."""
    function = Function.make(cloud, source, timeout=timeout)
    config = {"LambdaArn": function.arn, "LambdaVersion": version}
    pool = Pool.make(cloud, LambdaConfig={"PreTokenGenerationConfig": config})
    function.let_in(pool)
    return pool, function


def sign_up(pool: Pool, email: str, **more: Any) -> Any:
    return app_of(pool).sign_up(ClientId=pool.client_id, Username=email, Password=PASSWORD, **more)


def sign_in(pool: Pool, email: str) -> Any:
    """By password, as a client may that needs no SRP."""
    begun = app_of(pool).initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
    )
    return begun["AuthenticationResult"]


def app_of(pool: Pool) -> Any:
    return unsigned_client(pool.cloud, "cognito-idp")


def add_user(pool: Pool, email: str) -> None:
    """A confirmed user, made by an administrator."""
    root, who = root_client(pool.cloud, "cognito-idp"), {"UserPoolId": pool.id, "Username": email}
    root.admin_create_user(**who, MessageAction="SUPPRESS")
    root.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)


def is_there(pool: Pool, email: str) -> bool:
    listed = root_client(pool.cloud, "cognito-idp").list_users(UserPoolId=pool.id, Filter=f'email = "{email}"')
    return bool(listed["Users"])
