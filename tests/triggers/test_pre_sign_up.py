"""Pre sign-up lets the allowed e-mail domains in, keeps every look-alike out, and never confirms by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events import CONTEXT, load
from triggers.errors import DeniedError
from triggers.pre_sign_up import handler

SOURCES = ("PreSignUp_SignUp", "PreSignUp_AdminCreateUser", "PreSignUp_ExternalProvider")
REFUSAL = "this e-mail domain may not sign up"


@pytest.fixture(autouse=True)
def _allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_EMAIL_DOMAINS", " Good.example,bücher.example , strasse.example,xn--p8j9a0d.example")


def sign_up(email: str, source: str = "PreSignUp_SignUp") -> dict[str, Any]:
    return handler(load("pre_sign_up", source, email=email), CONTEXT)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "email",
    [
        "a@good.example",
        "a@GOOD.Example",
        "a+tag@good.example",
        "a@bücher.example",
        "a@BÜCHER.example",
        "a@xn--bcher-kva.example",
        "a@XN--BCHER-KVA.example",
        "a@xn--p8j9a0d.example",
    ],
)
def test_an_allowed_domain_may_sign_up(source: str, email: str) -> None:
    event = load("pre_sign_up", source, email=email)
    assert handler(event, CONTEXT) == load("pre_sign_up", source, email=email)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "email",
    [
        "a@evil.example",
        "a@evil.example@good.example",
        "a@good.example@evil.example",
        '"a@good.example"@evil.example',
        "a@good.example.",
        "a@.good.example",
        "a@sub.good.example",
        "a@good.example.evil.example",
        "a@notgood.example",
        "a@good.example\n",
        "a@good.example\x00.evil.example",
        "a@ good.example",
        "a@straße.example",
        "a@ｇood.example",
        "a@good。example",
        "a@go\u200dod.example",
        "a@gооd.example",
        "a@*",
        "a@",
        "@good.example",
        "good.example",
        "@",
        "",
    ],
)
def test_any_other_domain_is_refused(source: str, email: str) -> None:
    with pytest.raises(DeniedError, match=f"^{REFUSAL}$"):
        sign_up(email, source)


def test_a_user_without_an_address_is_refused() -> None:
    event = load("pre_sign_up")
    event["request"]["userAttributes"] = {"phone_number": "+819012345678"}
    with pytest.raises(DeniedError, match=REFUSAL):
        handler(event, CONTEXT)


@pytest.mark.parametrize("setting", ["", "   "])
def test_an_empty_list_lets_every_domain_in(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("ALLOWED_EMAIL_DOMAINS", setting)
    assert sign_up("a@anywhere.example")["triggerSource"] == "PreSignUp_SignUp"


@pytest.mark.parametrize("setting", [",", " , ", "*", "@good.example", "*.good.example", "straße.example"])
def test_a_list_of_nothing_usable_lets_nobody_in(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("ALLOWED_EMAIL_DOMAINS", setting)
    for email in ("a@good.example", "a@@good.example", "a@", "", "a@straße.example", "a@strasse.example"):
        with pytest.raises(DeniedError, match=REFUSAL):
            sign_up(email)


def test_a_forgotten_setting_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOWED_EMAIL_DOMAINS")
    with pytest.raises(DeniedError, match="internal error"):
        sign_up("a@good.example")


def test_it_never_confirms_by_itself() -> None:
    event = load("pre_sign_up", email="a@good.example")
    event["request"]["validationData"] = event["request"]["clientMetadata"] = {"autoConfirmUser": "true"}
    event["response"] = {"autoConfirmUser": True, "autoVerifyEmail": True, "autoVerifyPhone": True}
    assert set(handler(event, CONTEXT)["response"].values()) == {False}


@given(st.text(max_size=30))
def test_whatever_the_domain_only_an_allowed_one_passes(domain: str) -> None:
    if domain.lower() not in {"good.example", "bücher.example", "strasse.example"}:
        with pytest.raises(DeniedError):
            sign_up(f"a@{domain}")
