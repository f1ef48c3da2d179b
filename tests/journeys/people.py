"""People who use the backend: they sign up with a real client, read their mail, and own an authenticator app."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pyotp
from botocore import UNSIGNED
from botocore.config import Config

from auth import Ask, AuthClient, Identity, Settings, SignedIn
from tests.local_cloud import LocalCloud

PASSWORD = "Correct-Horse-7"
ROOT = {"AccessKeyId": "test", "SecretAccessKey": "test"}


def settings_of(cloud: LocalCloud) -> Settings:
    """The settings that the stack's outputs give."""
    return Settings.from_outputs(cloud.data_dir / "outputs.json")


def root_client(cloud: LocalCloud, service: str) -> Any:
    """A boto3 client with the root's keys."""
    return _root_client(cloud.endpoint, service)


@functools.cache
def _root_client(endpoint: str, service: str) -> Any:
    return _client(endpoint, service, ROOT)


def client(cloud: LocalCloud, service: str, keys: Mapping[str, Any], **config: Any) -> Any:
    """A boto3 client with keys as identity pools, STS and IAM give them; `config` is botocore's."""
    return _client(cloud.endpoint, service, keys, **config)


def _client(endpoint: str, service: str, keys: Mapping[str, Any], **config: Any) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys.get("SecretKey") or keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
        config=Config(retries={"max_attempts": 0}, **config),
    )


def keys_of(identity: Identity) -> dict[str, Any]:
    """The keys that an identity has now, as identity pools give them: nothing renews these."""
    found: Any = identity.session().get_credentials()
    return dict(zip(("AccessKeyId", "SecretKey", "SessionToken"), found.get_frozen_credentials(), strict=False))


def unsigned_client(cloud: LocalCloud, service: str) -> Any:
    """A boto3 client that signs nothing."""
    return _unsigned_client(cloud.endpoint, service)


@functools.cache
def _unsigned_client(endpoint: str, service: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED, retries={"max_attempts": 0}),
    )


@dataclass(slots=True)
class Person:
    """Someone with an e-mail address."""

    cloud: LocalCloud
    email: str
    client: AuthClient
    password: str = PASSWORD
    secret: str = field(default="", repr=False)
    signed_in: SignedIn | None = None

    @classmethod
    def new(cls, cloud: LocalCloud, email: str, **attributes: str) -> Person:
        """Someone who has signed up and confirmed."""
        person = cls(cloud, email, AuthClient(settings_of(cloud), now=cloud.now))
        person.client.sign_up(email, PASSWORD, {"email": email, **attributes})
        person.client.confirm_sign_up(email, cloud.code(email))
        return person

    def sign_in(self, **options: Any) -> SignedIn:
        """Sign in, with a code of the authenticator app where one is asked for."""
        self.signed_in = self.client.sign_in(self.email, self.password, self.answer, **options)
        return self.signed_in

    def answer(self, ask: Ask) -> str:
        """A code that has not been used: the clock moves on first."""
        if ask.kind == "totp_setup":
            self.secret = str(ask.details["secret"])
        elif ask.kind != "totp_code":
            raise AssertionError(f"asked for {ask.kind}")
        return self.next_code()

    def next_code(self) -> str:
        """The authenticator app's next code."""
        return pyotp.TOTP(self.secret).at(int(self.cloud.advance(31)))

    def enrol_totp(self) -> None:
        """Set up the authenticator app."""
        tokens = (self.signed_in or self.sign_in()).tokens
        self.secret = self.client.associate_totp(tokens, self.email).secret
        self.client.verify_totp(tokens, self.next_code())

    def identity(self) -> Identity:
        """This person's identity in the identity pool."""
        tokens = (self.signed_in or self.sign_in()).tokens
        return Identity(settings_of(self.cloud), self.client.id_tokens(tokens))
