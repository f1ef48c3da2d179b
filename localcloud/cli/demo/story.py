"""The story: Ann signs up, takes a second factor, lets her device be remembered, and keeps data of her own."""

from __future__ import annotations

import json
import secrets
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from auth import Ask, AuthClient, Identity, SignedIn
from auth.totp import PERIOD, totp
from localcloud.cli.demo.cloud import Stage

_PASSWORD = "Correct-Horse-7"  # noqa: S105 (a demo user's, on a laptop)

Say = Callable[[str], None]


class StoryError(Exception):
    """The story did not go as it should."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is in the story, each with an identity of its own."""

    ann: Identity
    bob: Identity
    guest: Identity


def tell(stage: Stage, say: Say) -> People:
    """Live through the story. Raises StoryError, AuthError."""
    teller = _Teller(stage, say)
    ann = teller.sign_up("ann")
    signed_in = teller.take_second_factor(ann)
    teller.skip_second_factor(ann, signed_in)
    teller.ask_api(signed_in)
    teller.step("Ann trades her ID token for keys", "cognito-identity GetId, GetCredentialsForIdentity", "trust policy")
    ann_identity = Identity(stage.settings, ann.client.id_tokens(signed_in.tokens))
    say(f"      she is {ann_identity.identity_id}")
    teller.keep_data(ann_identity)
    bob = teller.sign_up("bob")
    bob_tokens = bob.client.sign_in(bob.email, _PASSWORD).tokens
    teller.step(
        "A guest gets keys, too", "cognito-identity GetId, GetCredentialsForIdentity", "guest role, scoped down"
    )
    return People(
        ann=ann_identity,
        bob=Identity(stage.settings, bob.client.id_tokens(bob_tokens)),
        guest=Identity(stage.settings),
    )


@dataclass(slots=True)
class _Person:
    email: str
    client: AuthClient
    secret: str = ""


class _Teller:
    def __init__(self, stage: Stage, say: Say) -> None:
        self._stage = stage
        self._say = say
        self._number = 0
        self._last_code = 0

    def step(self, what: str, asked: str, note: str = "") -> None:
        self._number += 1
        self._say(f"{self._number:3}. {what:48} {asked}" + (f"  ({note})" if note else ""))

    def sign_up(self, name: str) -> _Person:
        email = f"{name}-{secrets.token_hex(4)}@example.com"
        client = AuthClient(self._stage.settings)
        self.step(f"{name.capitalize()} signs up as {email}", "cognito-idp SignUp", "pre sign-up, custom message")
        client.sign_up(email, _PASSWORD, {"email": email, "locale": "ja" if name == "ann" else "en"})
        self.step(
            f"{name.capitalize()} types in the code from the mail", "cognito-idp ConfirmSignUp", "post confirmation"
        )
        client.confirm_sign_up(email, self._stage.code(email))
        return _Person(email, client)

    def take_second_factor(self, ann: _Person) -> SignedIn:
        self.step("Ann signs in; her password never leaves her", "cognito-idp InitiateAuth USER_SRP_AUTH", "SRP")
        signed_in = ann.client.sign_in(ann.email, _PASSWORD)
        self.step("Ann sets up an authenticator app", "cognito-idp AssociateSoftwareToken, VerifySoftwareToken")
        ann.secret = ann.client.associate_totp(signed_in.tokens, ann.email).secret
        ann.client.verify_totp(signed_in.tokens, self._code(ann))
        self.step(
            "Ann signs in with a code; the device is remembered",
            "SOFTWARE_TOKEN_MFA, ConfirmDevice, UpdateDeviceStatus",
        )
        asked: list[str] = []

        def answer(ask: Ask) -> str:
            asked.append(ask.kind)
            return self._code(ann)

        signed_in = ann.client.sign_in(ann.email, _PASSWORD, answer, remember=True, device_name="laptop")
        self._must(asked == ["totp_code"], "the second factor was not asked for")
        return signed_in

    def skip_second_factor(self, ann: _Person, before: SignedIn) -> None:
        self.step(
            "Ann signs in again: the device proves itself", "DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER", "no code asked"
        )
        ann.client.sign_in(ann.email, _PASSWORD, device=before.device)

    def ask_api(self, signed_in: SignedIn) -> None:
        self.step("Ann reads her profile and devices", "API GET /me, GET /me/devices", "JWT authorizer")
        profile, devices = self._get("/me", signed_in), self._get("/me/devices", signed_in)
        self._must(profile.get("role") == "user", f"unexpected profile {profile}")
        self._must(len(devices["devices"]) >= 1, "the device is not listed")

    def keep_data(self, ann: Identity) -> None:
        outputs = self._stage.cloud.outputs
        key = f"private/{ann.identity_id}/hello.txt"
        self.step("Ann puts a file into S3, directly", f"s3 PutObject {key}")
        ann.client("s3").put_object(Bucket=outputs["UserDataBucket"], Key=key, Body=b"hello")
        self.step("Ann puts an item into DynamoDB, directly", "dynamodb PutItem")
        item = {"pk": {"S": ann.identity_id}, "sk": {"S": "hello"}, "text": {"S": "hello"}}
        ann.client("dynamodb").put_item(TableName=outputs["UserDataTable"], Item=item)

    def _code(self, person: _Person) -> str:
        # A code counts once, but the next one counts a little early: two in a row need not wait for the clock.
        self._last_code = max(self._last_code + 1, int(self._stage.cloud.now() // PERIOD))
        return totp(person.secret, self._last_code * PERIOD)

    def _get(self, path: str, signed_in: SignedIn) -> dict[str, list[object] | str]:
        request = urllib.request.Request(  # noqa: S310 (the stack's own URL)
            self._stage.cloud.outputs["ApiUrl"] + path,
            headers={"authorization": f"Bearer {signed_in.tokens.access_token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
            answer: dict[str, list[object] | str] = json.load(response)
            return answer

    @staticmethod
    def _must(holds: bool, otherwise: str) -> None:
        if not holds:
            raise StoryError(otherwise)
