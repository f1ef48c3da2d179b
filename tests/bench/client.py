"""A raw client: one keep-alive connection, signed where it must be, with the SRP arithmetic in native code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import secrets
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from localcloud.userpool.factors.modexp import power
from localcloud.userpool.factors.srp import INFO, N, padded

_G = 2
_TARGET = "AWSCognitoIdentityProviderService"


class RawClient:
    """Calls user-pool operations of one server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._signer = SigV4Auth(Credentials("test", "test"), "cognito-idp", "us-east-1")

    def call(self, operation: str, *, signed: bool = False, **params: Any) -> dict[str, Any]:
        """One call. Raises RuntimeError for anything but 200."""
        body = json.dumps(params).encode()
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{_TARGET}.{operation}"}
        if signed:
            request = AWSRequest("POST", f"http://127.0.0.1:{self._port}/", headers, body)
            self._signer.add_auth(request)
            headers = dict(request.headers.items())
        self._connection.request("POST", "/", body, headers)
        response = self._connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read() or b"{}")
        if response.status != 200:
            raise RuntimeError(f"{operation}: {response.status} {answer}")
        return answer

    def make_pool(self) -> tuple[str, str]:
        """A pool without triggers and a client for both flows; their ids."""
        pool = self.call("CreateUserPool", signed=True, PoolName="bench")["UserPool"]["Id"]
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = self.call(
            "CreateUserPoolClient", signed=True, UserPoolId=pool, ClientName="bench", ExplicitAuthFlows=flows
        )
        return pool, made["UserPoolClient"]["ClientId"]

    def make_user(self, pool: str, name: str, password: str) -> None:
        """A confirmed user with a password of its own."""
        self.call("AdminCreateUser", signed=True, UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        self.call(
            "AdminSetUserPassword", signed=True, UserPoolId=pool, Username=name, Password=password, Permanent=True
        )

    def sign_in(self, client_id: str, name: str, password: str) -> dict[str, Any]:
        """USER_PASSWORD_AUTH."""
        answer = self.call(
            "InitiateAuth",
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )
        result: dict[str, Any] = answer["AuthenticationResult"]
        return result

    def sign_in_by_srp(self, pool: str, client_id: str, name: str, password: str) -> dict[str, Any]:
        """USER_SRP_AUTH, both calls."""
        a = secrets.randbits(256)
        a_public = power(_G, a, N)
        asked = self.call(
            "InitiateAuth",
            ClientId=client_id,
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": name, "SRP_A": f"{a_public:x}"},
        )
        parameters = asked["ChallengeParameters"]
        session = {"Session": asked["Session"]} if asked.get("Session") else {}
        answer = self.call(
            "RespondToAuthChallenge",
            ClientId=client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses=_prove(pool, password, a, a_public, parameters),
            **session,
        )
        result: dict[str, Any] = answer["AuthenticationResult"]
        return result


def _prove(pool: str, password: str, a: int, a_public: int, parameters: dict[str, str]) -> dict[str, str]:
    short, user = pool.split("_", 1)[1], parameters["USER_ID_FOR_SRP"]
    b_public, salt = int(parameters["SRP_B"], 16), int(parameters["SALT"], 16)
    u = _hash(padded(a_public) + padded(b_public))
    x = _hash(padded(salt) + hashlib.sha256(f"{short}{user}:{password}".encode()).digest())
    k = _hash(padded(N) + padded(_G))
    shared = power((b_public - k * power(_G, x, N)) % N, a + u * x, N)
    extracted = hmac.new(padded(u), padded(shared), hashlib.sha256).digest()
    key = hmac.new(extracted, INFO + b"\x01", hashlib.sha256).digest()[:16]
    now = datetime.now(UTC)
    stamp = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now.year}"
    message = short.encode() + user.encode() + base64.b64decode(parameters["SECRET_BLOCK"]) + stamp.encode()
    return {
        "USERNAME": user,
        "TIMESTAMP": stamp,
        "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode(),
    }


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest(), "big")
