"""What an app does for its user, over boto3: sign-up, sign-in, tokens, second factor, device, sign-out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from botocore import xform_name

from auth.attempt import Ask, Call, Steps
from auth.claims import bind, sub_of
from auth.devices import Device, DeviceStore
from auth.errors import (
    AuthError,
    ChallengeUnanswered,
    CodeMismatch,
    NotAuthorized,
    TokenBindingInvalid,
    aws_errors,
)
from auth.live_tokens import LiveTokens
from auth.models import CodeDelivery, SignedIn, SignUp, Tokens, TotpSecret
from auth.passwordless import sign_in_without_password
from auth.recovery import reset_second_factor
from auth.settings import Settings
from auth.sign_in import sign_in
from auth.totp import otpauth_uri

Answer = Callable[[Ask], str]
T = TypeVar("T")


def no_answer(ask: Ask) -> str:
    """Answers nothing. Raises ChallengeUnanswered."""
    raise ChallengeUnanswered(f"the sign-in asks for {ask.kind}, and no `answer` was given")


class AuthClient:
    """One app's client of a user pool. Its calls are unsigned: it needs no AWS credentials.

    `devices` keeps this device's records between runs; without it the caller passes `device` itself.
    `now()` is in seconds since the epoch. Every method raises a member of the `AuthError` tree.
    """

    def __init__(
        self, settings: Settings, devices: DeviceStore | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._client_id = settings.need("app_client_id")
        self._user_pool_id = settings.need("user_pool_id")
        self._devices = devices
        self._now = now
        self._pools = settings.user_pools(signed=False)

    def sign_up(self, username: str, password: str, attributes: Mapping[str, str] | None = None) -> SignUp:
        """Register a user, whom the pool then sends a code. Raises UsernameTaken, PasswordPolicy, TriggerRefused, …."""
        pairs = [{"Name": name, "Value": value} for name, value in (attributes or {}).items()]
        answer = self._call(
            "SignUp", ClientId=self._client_id, Username=username, Password=password, UserAttributes=pairs
        )
        details = answer.get("CodeDeliveryDetails")
        return SignUp(answer["UserSub"], answer["UserConfirmed"], CodeDelivery.read(details) if details else None)

    def confirm_sign_up(self, username: str, code: str) -> None:
        """Prove the address by its code. Raises CodeMismatch, CodeExpired, …."""
        self._call("ConfirmSignUp", ClientId=self._client_id, Username=username, ConfirmationCode=code)

    def resend_code(self, username: str) -> CodeDelivery:
        """Send the sign-up code once more."""
        answer = self._call("ResendConfirmationCode", ClientId=self._client_id, Username=username)
        return CodeDelivery.read(answer.get("CodeDeliveryDetails", {}))

    def sign_in(
        self,
        username: str,
        password: str = "",
        answer: Answer = no_answer,
        *,
        flow: str = "USER_SRP_AUTH",
        preferred: str = "",
        device: Device | None = None,
        remember: bool = False,
        device_name: str | None = None,
        make_room: bool = False,
    ) -> SignedIn:
        """Sign in by SRP through every challenge; `answer` is called for what only the user knows (see `Ask`).

        `flow="USER_AUTH"` lets the user choose what to begin with, unless `preferred`, say `EMAIL_OTP`, can be asked.
        The device record is `device`, or the store's; keep the one that comes back. `remember` asks the pool to skip
        the second factor on this device from now on. `make_room` says that the user agrees to lose the device used
        least recently, where the backend asks before it makes room for a new one.
        Raises NotAuthorized, UserNotConfirmed, CodeMismatch, TriggerRefused, ….
        """
        owner = f"{self._user_pool_id}/{username}"
        if device is None and self._devices:
            device = self._devices.load(owner)
        steps = sign_in(
            self._client_id,
            self._user_pool_id,
            username,
            password,
            flow=flow,
            preferred=preferred,
            device=device,
            remember=remember,
            device_name=device_name,
            metadata={"device_limit": "evict-oldest"} if make_room else None,
            now=self._now,
        )
        signed_in = self._drive(steps, answer)
        if self._devices and signed_in.device and signed_in.device != device:
            self._devices.save(owner, signed_in.device)
        return signed_in

    def sign_in_without_password(
        self, username: str, answer: Answer = no_answer, *, kind: str = "one_time_code"
    ) -> SignedIn:
        """Sign in by what is sent to the user's address: a `one_time_code`, or a `magic_link`.

        `answer` is called until it has given the code, the link or its fragment. Nothing tells whether there is such a
        user. Raises NotAuthorized, TriggerRefused after too many mails, ChallengeUnsupported for a kind that is off.
        """
        return self._drive(
            sign_in_without_password(self._client_id, self._user_pool_id, username, kind, now=self._now), answer
        )

    def sign_in_with_recovery_code(
        self, username: str, password: str, code: str, answer: Answer = no_answer
    ) -> SignedIn:
        """Reset a lost second factor by a recovery code, then sign in by the password, which is all that is left.

        Every other session ends, and every device is forgotten. `answer` is for what `sign_in` asks: where the pool
        demands a second factor, a new one. Raises NotAuthorized, ChallengeUnsupported where there are no such codes.
        """
        self._drive(
            reset_second_factor(self._client_id, self._user_pool_id, username, password, code, now=self._now), no_answer
        )
        return self.sign_in(username, password, answer)

    def step_up(
        self,
        tokens: Tokens,
        username: str,
        password: str = "",
        answer: Answer = no_answer,
        *,
        device: Device | None = None,
        kind: str = "",
    ) -> SignedIn:
        """Prove again who is signed in: a session of its own, as new as an API may want it (`StepUpRequired`).

        By the password, and a second factor or the device, which stays the same one (`sign_in`); or, with a `kind`, by
        what is mailed (`sign_in_without_password`). The tokens that there are stay good.
        Raises TokenBindingInvalid if it is somebody else, and what the sign-in raises.
        """
        if kind:
            fresh = self.sign_in_without_password(username, answer, kind=kind)
        else:
            fresh = self.sign_in(username, password, answer, device=device)
        # Attack: a session of another user, in an app that still shows and holds the data of the one before.
        try:
            bind("sub", sub_of(fresh.tokens.access_token), sub_of(tokens.access_token))
        except TokenBindingInvalid:
            self.revoke(fresh.tokens)
            raise
        return fresh

    def refresh(self, tokens: Tokens) -> Tokens:
        """New ID and access tokens for the refresh token. Raises NotAuthorized if it is no longer good."""
        if not tokens.refresh_token:
            raise NotAuthorized("there is no refresh token: sign in again")
        device = {"DEVICE_KEY": tokens.device_key} if tokens.device_key else {}
        answer = self._call(
            "InitiateAuth",
            ClientId=self._client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens.refresh_token} | device,
        )
        return Tokens.read(answer["AuthenticationResult"], self._now(), tokens)

    def id_tokens(self, tokens: Tokens) -> LiveTokens:
        """A function that returns an ID token good for a minute at least, refreshed when due: for `Identity`."""
        return LiveTokens(tokens, self.refresh, self._now)

    def forgot_password(self, username: str) -> CodeDelivery:
        """Send a code that allows a new password."""
        answer = self._call("ForgotPassword", ClientId=self._client_id, Username=username)
        return CodeDelivery.read(answer.get("CodeDeliveryDetails", {}))

    def confirm_forgot_password(self, username: str, code: str, new_password: str) -> None:
        """Set a new password by code. Raises CodeMismatch, CodeExpired, PasswordPolicy, …."""
        self._call(
            "ConfirmForgotPassword",
            ClientId=self._client_id,
            Username=username,
            ConfirmationCode=code,
            Password=new_password,
        )

    def change_password(self, tokens: Tokens, old: str, new: str) -> None:
        """Set a new password, knowing the old one. Raises NotAuthorized, PasswordPolicy, …."""
        self._call("ChangePassword", AccessToken=tokens.access_token, PreviousPassword=old, ProposedPassword=new)

    def associate_totp(self, tokens: Tokens, account: str) -> TotpSecret:
        """Begin to enrol an authenticator app under the name `account`. Nothing changes before `verify_totp`."""
        secret = self._call("AssociateSoftwareToken", AccessToken=tokens.access_token)["SecretCode"]
        return TotpSecret(secret, otpauth_uri(secret, self._user_pool_id, account))

    def verify_totp(self, tokens: Tokens, code: str) -> None:
        """Finish enrolling by the app's first code, and ask for a code at each sign-in. Raises CodeMismatch, …."""
        answer = self._call("VerifySoftwareToken", AccessToken=tokens.access_token, UserCode=code)
        if answer.get("Status") != "SUCCESS":
            raise CodeMismatch("the authenticator's first code was not accepted")
        self.prefer_totp(tokens)

    def prefer_totp(self, tokens: Tokens, enabled: bool = True) -> None:
        """Turn the authenticator app on as the preferred second factor, or off."""
        wish = {"Enabled": enabled, "PreferredMfa": enabled}
        self._call("SetUserMFAPreference", AccessToken=tokens.access_token, SoftwareTokenMfaSettings=wish)

    def remember_device(self, tokens: Tokens, remembered: bool = True) -> None:
        """Skip the second factor on the device of these tokens, or no longer."""
        self._call(
            "UpdateDeviceStatus",
            AccessToken=tokens.access_token,
            DeviceKey=_device_key(tokens),
            DeviceRememberedStatus="remembered" if remembered else "not_remembered",
        )

    def forget_device(self, tokens: Tokens, device_key: str | None = None) -> None:
        """Drop a device of the user, or the one of these tokens; its refresh tokens end with it."""
        self._call("ForgetDevice", AccessToken=tokens.access_token, DeviceKey=device_key or _device_key(tokens))

    def sign_out(self, tokens: Tokens) -> None:
        """End every session of the user everywhere. AWS credentials and ID tokens live on until they expire."""
        self._call("GlobalSignOut", AccessToken=tokens.access_token)

    def revoke(self, tokens: Tokens) -> None:
        """End this session only: its refresh token and the access tokens that came of it."""
        if tokens.refresh_token:
            self._call("RevokeToken", ClientId=self._client_id, Token=tokens.refresh_token)

    def _drive(self, steps: Steps[T], answer: Answer) -> T:
        """Run the sign-in to its end: each step that it yields is done here, and the reply sent back in."""
        try:
            step = next(steps)
            while True:
                try:
                    reply = self._call(step.operation, **step.params) if isinstance(step, Call) else _ask(answer, step)
                except AuthError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result

    def _call(self, operation: str, **params: Any) -> Mapping[str, Any]:
        with aws_errors():
            response: Mapping[str, Any] = getattr(self._pools, xform_name(operation))(**params)
        return response


def _ask(answer: Answer, ask: Ask) -> str:
    reply = answer(ask)
    if not reply:
        raise ChallengeUnanswered(f"the sign-in asks for {ask.kind}, and the answer was empty")
    return reply


def _device_key(tokens: Tokens) -> str:
    if not tokens.device_key:
        raise NotAuthorized("these tokens belong to no device")
    return tokens.device_key
