"""A stand-in for what resets a second factor: passwords that Cognito checks, authenticator apps, sessions, devices."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import boto3

from tests.triggers.device_pool import DevicePool

OFF = {"Enabled": False, "PreferredMfa": False}


class FactorPool(DevicePool):
    """Users by name, with their `factors`, and those who have registered an authenticator app (`apps`).

    `proofs`: whose password a proof is. `calls`: what was asked, in order.
    `fails_at`: an operation that ends in an internal error, `times` times.
    """

    def __init__(self) -> None:
        super().__init__()
        self.proofs: dict[str, str] = {}
        self.apps: set[str] = set()
        self.calls: list[str] = []
        self.fails_at, self.times = "", 0

    def attach(self) -> None:
        """Answer for every client made from now on."""
        super().attach()
        events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
        answers = {
            "RespondToAuthChallenge": self._prove,
            "RevokeToken": lambda _: {},
            "AdminUserGlobalSignOut": lambda _: {},
            "AdminDeleteSoftwareToken": self._delete_token,
            "AdminSetUserMFAPreference": self._prefer,
        }
        for operation, answer in answers.items():
            events.register(f"before-call.cognito-identity-provider.{operation}", self._answer(answer))

    def _answer(self, answer: Any) -> Any:
        def before_call(model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
            self.calls.append(model.name)
            if model.name == self.fails_at and self.times:
                self.times -= 1
                parsed: dict[str, Any] = {"Error": {"Code": "InternalErrorException"}}
            else:
                parsed = answer(json.loads(params["body"]))
            return SimpleNamespace(status_code=400 if "Error" in parsed else 200), {"ResponseMetadata": {}, **parsed}

        return before_call

    def _prove(self, request: dict[str, Any]) -> dict[str, Any]:
        """Cognito's answer to the proof of a password: by whom it is, not by what the request says."""
        proven = self.proofs.get(request["ChallengeResponses"]["PASSWORD_CLAIM_SIGNATURE"])
        if proven is None:
            return {"Error": {"Code": "NotAuthorizedException"}}
        factors = self.factors.get(proven, [])
        if not factors:
            return {"AuthenticationResult": {"AccessToken": "a", "RefreshToken": "r"}}
        name = factors[0] if len(factors) == 1 else "SELECT_MFA_TYPE"
        return {"ChallengeName": name, "Session": "s" * 20, "ChallengeParameters": {"USER_ID_FOR_SRP": proven}}

    def _delete_token(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["Username"] not in self.apps:
            return {"Error": {"Code": "ResourceNotFoundException"}}
        self.apps.remove(request["Username"])
        return {}

    def _prefer(self, request: dict[str, Any]) -> dict[str, Any]:
        names = {
            "SMSMfaSettings": "SMS_MFA",
            "EmailMfaSettings": "EMAIL_OTP",
            "SoftwareTokenMfaSettings": "SOFTWARE_TOKEN_MFA",
        }
        for setting, name in names.items():
            if request.get(setting) == OFF:
                self.factors[request["Username"]].remove(name)
        return {}
