"""The pages of challenges: what each shows, and what its form answers to the engine. A new one is one entry here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.pages import fields, qr_code, render
from localcloud.managed_login.pages.messages import Message
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool import sessions
from localcloud.userpool.factors import devices, enrolment
from localcloud.userpool.factors.second_factors import EMAIL, TOTP

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a challenge.

    `first` is what it shows when the engine asks, by the challenge's parameters, `again` what it shows after a wrong
    answer, by the form that was sent. `answer` makes the engine's responses from the form. On a `second_factor` page
    the browser may be remembered.
    """

    template: str
    first: Callable[[LoginRequest, Mapping[str, str]], Values]
    again: Callable[[LoginRequest], Values]
    answer: Callable[[Mapping[str, str]], dict[str, str]]
    second_factor: bool = False


def ask(
    request: LoginRequest, wanted: AuthorizationRequest, name: str, session: str, parameters: Mapping[str, str]
) -> Answer:
    """The page of a challenge that the engine asks."""
    page = find(name)
    if TOTP in _set_ups(parameters):
        _, session = enrolment.begin_in_sign_in(request.ctx, session, via="pages")
    values = page.first(request, parameters) | _enrolled(request, name, session)
    return _show(request, wanted, page, name, session, values)


def ask_again(request: LoginRequest, wanted: AuthorizationRequest, name: str, error: Message) -> Answer:
    """The same page after a wrong answer, whose session is good for another one."""
    page, session = find(name), request.form["session"]
    values = page.again(request) | _enrolled(request, name, session)
    return _show(request, wanted, page, name, session, values, error)


def find(name: str) -> Page:
    """The page of that challenge. Raises PageError."""
    if name not in PAGES:
        raise PageError(f"the challenge {name[:64]!r} has no page")
    return PAGES[name]


def _show(
    request: LoginRequest,
    wanted: AuthorizationRequest,
    page: Page,
    name: str,
    session: str,
    values: Values,
    error: Message | None = None,
) -> Answer:
    if page.second_factor and not values.get("factor"):
        values |= _remembering(request, error is not None)
    return render.page(
        request,
        values.pop("template", page.template),
        status=400 if error else 200,
        challenge=name,
        session=session,
        # As it was typed: a user may have another name inside, which says nothing to a person or a password manager.
        username=request.form.get("username", "").strip(),
        error=error,
        **values,
    )


def _remembering(request: LoginRequest, answered: bool) -> Values:
    """Whether the page asks to remember this browser, and what the box says before anybody touched it."""
    pool = request.pool
    ticked = "remember_device" in request.form if answered else not devices.needs_prompt(pool)
    spares = bool((pool.devices or {}).get("ChallengeRequiredOnNewDevice"))
    return {"may_remember": pool.devices is not None, "remember": ticked, "spares_code": spares}


def _enrolled(request: LoginRequest, name: str, session: str) -> Values:
    """The secret to put into an authenticator app, which the session itself has."""
    opened = sessions.peek(request.ctx, session) if name == "MFA_SETUP" else None
    secret = opened.state["notes"].get("totp_secret") if opened else None
    if opened is None or not secret:
        return {}
    account = opened.state["username"]
    uri = qr_code.otpauth(request, account, secret)
    return {"secret": secret, "otpauth": uri, "qr_code": qr_code.as_data(uri)}


def _nothing(request: LoginRequest, parameters: Mapping[str, str] | None = None) -> Values:
    return {}


def _missing_attributes(request: LoginRequest, parameters: Mapping[str, str]) -> Values:
    names = json.loads(parameters.get("requiredAttributes") or "[]")
    missing = [fields.attribute(name.removeprefix(fields.ATTRIBUTE)) for name in names]
    return {"attributes": missing, "rules": fields.password_rules(request.pool)}


def _typed_attributes(request: LoginRequest) -> Values:
    asked = [name.removeprefix(fields.ATTRIBUTE) for name in request.form if name.startswith(fields.ATTRIBUTE)]
    given = fields.attributes_in(request.form)
    missing = [
        fields.attribute(name, given.get(name, ""))
        for name in fields.required_attributes(request.pool)
        if name in asked
    ]
    return {"attributes": missing, "rules": fields.password_rules(request.pool)}


def _new_password(form: Mapping[str, str]) -> dict[str, str]:
    given = {fields.ATTRIBUTE + name: value for name, value in fields.attributes_in(form).items()}
    return {"NEW_PASSWORD": form.get("password", ""), **given}


def _choices(request: LoginRequest, parameters: Mapping[str, str]) -> Values:
    return {"choices": [name for name in json.loads(parameters["MFAS_CAN_CHOOSE"]) if name in MFA_TYPES]}


def _same_choices(request: LoginRequest) -> Values:
    return {"choices": [name for name in MFA_TYPES if name in request.form.get("choices", "").split()]}


def _sent(request: LoginRequest, parameters: Mapping[str, str]) -> Values:
    """Where the code went. One in place of a password is not said to have been sent: there may be no such account."""
    return {"destination": parameters["CODE_DELIVERY_DESTINATION"], "factor": request.form.get("factor", "")}


def _sent_before(request: LoginRequest) -> Values:
    return {"destination": request.form.get("destination", ""), "factor": request.form.get("factor", "")}


def _code_of(challenge: str) -> Page:
    """The page of a code that was sent, for the challenge that takes it as `CHALLENGE_CODE`."""
    return Page(
        "sent_code.html", _sent, _sent_before, lambda form: {f"{challenge}_CODE": code_in(form)}, second_factor=True
    )


def _set_up(request: LoginRequest, parameters: Mapping[str, str]) -> Values:
    return _setting_up(request, _set_ups(parameters))


def _set_up_again(request: LoginRequest) -> Values:
    return _setting_up(request, request.form.get("factors", "").split())


def _setting_up(request: LoginRequest, factors: list[str]) -> Values:
    """The app's page, with a way to the mail address where that can be set up as well; or that address alone."""
    can = [factor for factor in (TOTP, EMAIL) if factor in factors]
    if not can:
        raise PageError("the user has no second factor, and there is none that can be set up on a page")
    typed = dataclasses.replace(fields.attribute("email", request.form.get("email", "")), name="email")
    values = {"factors": " ".join(can), "email": typed if EMAIL in can else None}
    return values if TOTP in can else {**values, "template": "email_setup.html"}


def _set_ups(parameters: Mapping[str, str]) -> list[str]:
    found: list[str] = json.loads(parameters.get("MFAS_CAN_SETUP") or "[]")
    return found


def _address_of(form: Mapping[str, str]) -> dict[str, str]:
    return {"email": form["email"].strip()} if "email" in form else {}


def code_in(form: Mapping[str, str]) -> str:
    """The code that was typed, without the spaces that people group digits by."""
    return "".join(form.get("code", "").split())


def _options(request: LoginRequest, parameters: Mapping[str, str]) -> Values:
    return {"options": parameters["CREDENTIAL_REQUEST_OPTIONS"]}


def _same_options(request: LoginRequest) -> Values:
    return {"options": request.form.get("options", "")}


MFA_TYPES = ("SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP")

PAGES: Mapping[str, Page] = {
    "NEW_PASSWORD_REQUIRED": Page("new_password.html", _missing_attributes, _typed_attributes, _new_password),
    "SOFTWARE_TOKEN_MFA": Page(
        "totp.html", _nothing, _nothing, lambda form: {"SOFTWARE_TOKEN_MFA_CODE": code_in(form)}, second_factor=True
    ),
    "SMS_MFA": _code_of("SMS_MFA"),
    "SMS_OTP": _code_of("SMS_OTP"),
    "EMAIL_OTP": _code_of("EMAIL_OTP"),
    "MFA_SETUP": Page("totp_setup.html", _set_up, _set_up_again, _address_of, second_factor=True),
    "SELECT_MFA_TYPE": Page(
        "select_mfa_type.html", _choices, _same_choices, lambda form: {"ANSWER": form.get("answer", "")}
    ),
    "WEB_AUTHN": Page("passkey.html", _options, _same_options, lambda form: {"CREDENTIAL": form.get("credential", "")}),
}
"""AWS's name of the challenge → its page."""
