"""A custom e-mail sender as one writes it for AWS: under its own role it opens the code with AWS's Encryption SDK."""

from __future__ import annotations

import site
from collections.abc import Sequence
from typing import Any

from tests.journeys.functions import Function
from tests.journeys.people import PASSWORD, client, root_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import refusal
from tests.journeys.trigger_pools import app_of
from tests.local_cloud import LocalCloud, wait_until
from tests.localcloud.sts.actors import user

SENDER = f"""
import sys; sys.path.append({site.getsitepackages()[0]!r})
import base64, os
import aws_encryption_sdk
from aws_encryption_sdk import CommitmentPolicy, StrictAwsKmsMasterKeyProvider

sdk = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)

def handler(event, context):
    keys = StrictAwsKmsMasterKeyProvider(key_ids=[os.environ["KEY"]])
    text, header = sdk.decrypt(source=base64.b64decode(event["request"]["code"]), key_provider=keys)
    print("SENT", event["triggerSource"], event["request"]["userAttributes"]["email"], text.decode())
"""
"""On AWS a layer or the package has the SDK; here the tests' own environment lends it."""


def make_key(cloud: LocalCloud) -> str:
    arn: str = root_client(cloud, "kms").create_key()["KeyMetadata"]["Arn"]
    return arn


def pool_with_sender(cloud: LocalCloud, key: str, allow: Sequence[dict[str, Any]]) -> tuple[Pool, Function]:
    function = Function.make(cloud, SENDER, allow=allow, timeout=30, variables={"KEY": key})
    sender = {"LambdaVersion": "V1_0", "LambdaArn": function.arn}
    pool = Pool.make(cloud, LambdaConfig={"CustomEmailSender": sender, "KMSKeyID": key})
    return pool, function


def sent(function: Function) -> list[list[str]]:
    return [line.split()[1:] for line in function.log() if line.startswith("SENT")]


def test_a_sender_opens_the_code_and_the_user_confirms_with_it(cloud: LocalCloud, email: str) -> None:
    key = make_key(cloud)
    pool, function = pool_with_sender(cloud, key, [{"Action": "kms:Decrypt", "Resource": key}])
    function.let_in(pool)
    who = {"ClientId": pool.client_id, "Username": email}
    app_of(pool).sign_up(**who, Password=PASSWORD)
    wait_until(lambda: sent(function), 30)
    [[source, address, code]] = sent(function)
    assert (source, address) == ("CustomEmailSender_SignUp", email)
    assert code == cloud.code(email)
    app_of(pool).confirm_sign_up(**who, ConfirmationCode=code)


def test_a_sender_that_nobody_let_in_stops_no_sign_up(cloud: LocalCloud, email: str) -> None:
    key = make_key(cloud)
    pool, function = pool_with_sender(cloud, key, [])
    app_of(pool).sign_up(ClientId=pool.client_id, Username=email, Password=PASSWORD)
    assert cloud.get(f"outbox?to={email}")[1]["messages"][0]["body"] == ""
    assert function.log() == []


def test_attack_a_pool_that_encrypts_under_a_key_which_its_maker_may_not_hand_on(cloud: LocalCloud) -> None:
    key = make_key(cloud)
    maker = user(cloud, {"Effect": "Allow", "Action": "cognito-idp:CreateUserPool", "Resource": "*"})
    settings = {"PoolName": "theirs", "LambdaConfig": {"KMSKeyID": key}}
    refused = refusal(client(cloud, "cognito-idp", maker.keys).create_user_pool, **settings)
    assert refused.code == "AccessDeniedException"
    assert "kms:CreateGrant" in refused.message
