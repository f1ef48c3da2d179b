"""Sign-in as a generator: it says what to ask next, is sent the reply, and does no I/O of its own.

    InitiateAuth(USER_SRP_AUTH) ─► PASSWORD_VERIFIER ─┬─► tokens ─► ConfirmDevice ─► UpdateDeviceStatus
                                                      ├─► NEW_PASSWORD_REQUIRED ─┐
                                                      ├─► SELECT_MFA_TYPE ───────┤
                                                      ├─► SOFTWARE_TOKEN_MFA ────┼─► any of these again, or tokens
                                                      ├─► MFA_SETUP ─────────────┤
                                                      └─► DEVICE_SRP_AUTH ─► DEVICE_PASSWORD_VERIFIER
    InitiateAuth(USER_AUTH) ─► SELECT_CHALLENGE ─► PASSWORD_SRP, EMAIL_OTP, SMS_OTP ─► as above
    InitiateAuth(CUSTOM_AUTH) ─► CUSTOM_CHALLENGE, or PASSWORD_VERIFIER before it ─► as above

It yields `Call` (send this operation, answer with the response, or `throw` an `AuthError` in) and `Ask` (put this
question to the user, answer with a string), both of `attempt.py`. To add a challenge: one function, one line in
`CHALLENGES`.
Challenges: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from auth.attempt import Ask, Attempt, Call, Parameters, Response, Steps
from auth.devices import Device, new_device
from auth.errors import ChallengeUnsupported, CodeMismatch, ResourceNotFound
from auth.models import SignedIn, Tokens
from auth.srp import Random
from auth.totp import otpauth_uri


def sign_in(
    client_id: str,
    user_pool_id: str,
    username: str,
    password: str = "",
    *,
    flow: str = "USER_SRP_AUTH",
    preferred: str = "",
    device: Device | None = None,
    remember: bool = False,
    device_name: str | None = None,
    metadata: Mapping[str, str] | None = None,
    random: Random = secrets.token_bytes,
    now: Callable[[], float] = time.time,
) -> Steps[SignedIn]:
    """Sign in by SRP: the password itself is never sent.

    `flow` may be `USER_AUTH`, where the user chooses what to begin with unless `preferred` can be asked, or
    `CUSTOM_AUTH`, where the backend's triggers ask, behind the password if it is given.
    `device` is this device's record of an earlier sign-in. `remember` asks a pool that leaves the choice to the user
    to remember a new device. `metadata` is what the backend's triggers are told with each answer.
    `random(n)` gives n bytes; `now()` seconds since the epoch.
    Raises ChallengeUnsupported, HandshakeFailed, and what is thrown in.
    """
    attempt = Attempt(client_id, user_pool_id, username, password, device, random, now, metadata or {})
    try:
        result = yield from _authenticate(attempt, flow, preferred)
    except ResourceNotFound:
        if device is None:
            raise
        # The device was forgotten elsewhere: begin again as a new one, which has to pass the second factor.
        # https://github.com/aws-amplify/amplify-js/pull/12188
        attempt = replace(attempt, device=None, username=username, session=None)
        result = yield from _authenticate(attempt, flow, preferred)
    tokens = Tokens.read(result, now())
    if metadata := result.get("NewDeviceMetadata"):
        attempt.device = yield from _confirm_device(attempt, tokens, metadata, remember, device_name)
    device = attempt.device
    return SignedIn(replace(tokens, device_key=device.key if device else None), device)


def _authenticate(attempt: Attempt, flow: str, preferred: str) -> Steps[Response]:
    """From the first call to the `AuthenticationResult`."""
    extra = {"PREFERRED_CHALLENGE": preferred} if preferred else {}
    if flow == "USER_SRP_AUTH" or (flow == "CUSTOM_AUTH" and attempt.password) or preferred == "PASSWORD_SRP":
        extra |= {"SRP_A": attempt.begin_handshake()} | ({"CHALLENGE_NAME": "SRP_A"} if flow == "CUSTOM_AUTH" else {})
    response = yield from attempt.call(
        "InitiateAuth", ClientId=attempt.client_id, AuthFlow=flow, AuthParameters=attempt.identify() | extra
    )
    while not response.get("AuthenticationResult"):
        name = str(response.get("ChallengeName"))
        if name not in CHALLENGES:
            raise ChallengeUnsupported(f"the service asks for the challenge {name}, which is not supported")
        response = yield from CHALLENGES[name](attempt, response.get("ChallengeParameters") or {})
    result: Response = response["AuthenticationResult"]
    return result


def _confirm_device(
    attempt: Attempt, tokens: Tokens, metadata: Parameters, remember: bool, name: str | None
) -> Steps[Device]:
    """Give the new device a password that only it knows. Until then the refresh token is of no use."""
    device, verifier = new_device(metadata["DeviceKey"], metadata["DeviceGroupKey"], attempt.random)
    whose = {"AccessToken": tokens.access_token, "DeviceKey": device.key}
    named = {"DeviceName": name} if name else {}
    confirmed = yield Call("ConfirmDevice", {**whose, "DeviceSecretVerifierConfig": verifier, **named})
    if remember and confirmed.get("UserConfirmationNecessary"):
        yield Call("UpdateDeviceStatus", {**whose, "DeviceRememberedStatus": "remembered"})
    return device


def select_challenge(attempt: Attempt, _: Parameters) -> Steps[Response]:
    """Choose what to begin with: never a password that is sent, nor what a library without a screen cannot do."""
    choices = tuple(name for name in attempt.choices if name in CHALLENGES and name != "PASSWORD")
    if not choices:
        raise ChallengeUnsupported("the service offers no way to sign in that is supported")
    choice = choices[0] if len(choices) == 1 else (yield Ask("first_factor", {"choices": choices}))
    return (yield from attempt.respond("SELECT_CHALLENGE", ANSWER=choice))


def password_srp(attempt: Attempt, _: Parameters) -> Steps[Response]:
    """Begin to prove the password."""
    return attempt.respond("PASSWORD_SRP", SRP_A=attempt.begin_handshake())


def password_verifier(attempt: Attempt, parameters: Parameters) -> Steps[Response]:
    """Prove the password."""
    attempt.password = attempt.password or (yield Ask("password"))
    return (yield from attempt.respond("PASSWORD_VERIFIER", **attempt.prove_password(parameters)))


def custom_challenge(attempt: Attempt, parameters: Parameters) -> Steps[Response]:
    """Answer the backend's own question."""
    question = {name: value for name, value in parameters.items() if name not in ("USERNAME", "USER_ID_FOR_SRP")}
    return (yield from attempt.respond("CUSTOM_CHALLENGE", ANSWER=(yield Ask("custom", question))))


def device_srp_auth(attempt: Attempt, _: Parameters) -> Steps[Response]:
    """Begin a second handshake, for the device."""
    return attempt.respond("DEVICE_SRP_AUTH", SRP_A=attempt.begin_handshake())


def device_password_verifier(attempt: Attempt, parameters: Parameters) -> Steps[Response]:
    """Prove the device's password."""
    device = attempt.device
    if device is None:
        raise ChallengeUnsupported("the service asks for the proof of a device, and this one has no record")
    proof = attempt.prove(device.group_key, device.key, device.password, parameters)
    return attempt.respond("DEVICE_PASSWORD_VERIFIER", **proof)


def new_password_required(attempt: Attempt, parameters: Parameters) -> Steps[Response]:
    """Set the password of one's own, and the attributes that the pool requires and lacks."""
    answer = {"NEW_PASSWORD": (yield Ask("new_password"))}
    for key in _names(parameters, "requiredAttributes"):
        name = key.removeprefix("userAttributes.")
        answer[f"userAttributes.{name}"] = yield Ask("attribute", {"name": name})
    return (yield from attempt.respond("NEW_PASSWORD_REQUIRED", **answer))


def select_mfa_type(attempt: Attempt, parameters: Parameters) -> Steps[Response]:
    """Choose among several second factors."""
    choice = yield Ask("mfa_type", {"choices": _names(parameters, "MFAS_CAN_CHOOSE")})
    return (yield from attempt.respond("SELECT_MFA_TYPE", ANSWER=choice))


def mfa_setup(attempt: Attempt, parameters: Parameters) -> Steps[Response]:
    """Enrol an authenticator app or a mail address: the pool demands a second factor and the user has none."""
    choices = tuple(n for n in _names(parameters, "MFAS_CAN_SETUP") if n in ("SOFTWARE_TOKEN_MFA", "EMAIL_OTP"))
    if not choices:
        raise ChallengeUnsupported("the pool demands a second factor that cannot be set up here")
    if (choices[0] if len(choices) == 1 else (yield Ask("mfa_setup", {"choices": choices}))) == "EMAIL_OTP":
        return (yield from attempt.respond("MFA_SETUP", email=(yield Ask("attribute", {"name": "email"}))))
    secret = (yield from attempt.call("AssociateSoftwareToken", Session=attempt.session))["SecretCode"]
    details = {"secret": secret, "uri": otpauth_uri(secret, attempt.user_pool_id, attempt.username)}
    code = yield Ask("totp_setup", details)
    verified = yield from attempt.call("VerifySoftwareToken", Session=attempt.session, UserCode=code)
    if verified.get("Status") != "SUCCESS":
        raise CodeMismatch("the authenticator's first code was not accepted")
    return (yield from attempt.respond("MFA_SETUP"))


def _code(challenge: str, kind: str) -> Callable[[Attempt, Parameters], Steps[Response]]:
    """A challenge that wants nothing but a code."""

    def answer(attempt: Attempt, parameters: Parameters) -> Steps[Response]:
        destination = parameters.get("CODE_DELIVERY_DESTINATION") or parameters.get("FRIENDLY_DEVICE_NAME") or ""
        code = yield Ask(kind, {"destination": destination})
        return (yield from attempt.respond(challenge, **{f"{challenge}_CODE": code}))

    return answer


def _names(parameters: Parameters, key: str) -> tuple[str, ...]:
    """A parameter that is a list in JSON."""
    try:
        return tuple(str(name) for name in json.loads(parameters.get(key) or "[]"))
    except (ValueError, TypeError) as error:
        raise ChallengeUnsupported(f"the challenge's {key} cannot be read") from error


CHALLENGES: Mapping[str, Callable[[Attempt, Parameters], Steps[Response]]] = {
    "SELECT_CHALLENGE": select_challenge,
    "PASSWORD_SRP": password_srp,
    "PASSWORD_VERIFIER": password_verifier,
    "SMS_OTP": _code("SMS_OTP", "sms_code"),
    "CUSTOM_CHALLENGE": custom_challenge,
    "NEW_PASSWORD_REQUIRED": new_password_required,
    "SELECT_MFA_TYPE": select_mfa_type,
    "SOFTWARE_TOKEN_MFA": _code("SOFTWARE_TOKEN_MFA", "totp_code"),
    "SMS_MFA": _code("SMS_MFA", "sms_code"),
    "EMAIL_OTP": _code("EMAIL_OTP", "email_code"),
    "MFA_SETUP": mfa_setup,
    "DEVICE_SRP_AUTH": device_srp_auth,
    "DEVICE_PASSWORD_VERIFIER": device_password_verifier,
}
