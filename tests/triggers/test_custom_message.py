"""Every message, in every language: complete, with its placeholders, within Cognito's limits, quoting no user."""

from __future__ import annotations

import string
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.events import CONTEXT, load
from triggers.custom_message import handler
from triggers.errors import DeniedError

SOURCES = (
    "CustomMessage_SignUp",
    "CustomMessage_AdminCreateUser",
    "CustomMessage_ResendCode",
    "CustomMessage_ForgotPassword",
    "CustomMessage_UpdateUserAttribute",
    "CustomMessage_VerifyUserAttribute",
    "CustomMessage_Authentication",
)
LANGUAGES = ("en", "ja")
EACH = pytest.mark.parametrize(("source", "language"), [(s, lang) for s in SOURCES for lang in LANGUAGES])
WIDE = range(0x3040, 0xFFEF)


@pytest.fixture(autouse=True)
def _through_ses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_THROUGH_SES", "true")


def event_of(source: str, locale: str | None = None, /, **attributes: str) -> dict[str, Any]:
    event = load("custom_message", source, **({"locale": locale} if locale is not None else {}), **attributes)
    if source == "CustomMessage_AdminCreateUser":
        event["request"]["usernameParameter"] = "{username}"
    return event


def response_of(source: str, locale: str | None = None, /, **attributes: str) -> dict[str, str]:
    response: dict[str, str] = handler(event_of(source, locale, **attributes), CONTEXT)["response"]
    return response


def is_japanese(text: str) -> bool:
    return any(ord(c) in WIDE for c in text)


@EACH
def test_every_message_is_there_in_its_language(source: str, language: str) -> None:
    response = response_of(source, language)
    assert response.keys() == {"smsMessage", "emailMessage", "emailSubject"}
    assert all(is_japanese(text) == (language == "ja") for text in response.values())
    assert f'<html lang="{language}">' in response["emailMessage"]


@EACH
def test_the_placeholders_survive(source: str, language: str) -> None:
    response = response_of(source, language)
    for text in (response["smsMessage"], response["emailMessage"]):
        assert text.count("{####}") == 1
        assert text.count("{username}") == (source == "CustomMessage_AdminCreateUser")
        assert "None" not in text
    assert not set("{}") & set(response["emailSubject"])


@EACH
def test_the_placeholders_are_those_of_the_event(source: str, language: str) -> None:
    event = event_of(source, language)
    event["request"] |= {"codeParameter": "####", "usernameParameter": "{username}", "linkParameter": "{##Go##}"}
    asked = dict(event["request"])
    answer = handler(event, CONTEXT)
    assert answer["request"] == asked
    for text in (answer["response"]["smsMessage"], answer["response"]["emailMessage"]):
        assert text.count("####") == 1
        assert "{####}" not in text
        assert text.count("{username}") == (source == "CustomMessage_AdminCreateUser")


@EACH
def test_an_sms_fits(source: str, language: str) -> None:
    """With what Cognito puts in: a code of six digits; for a new user a UUID and a long temporary password."""
    admin = source == "CustomMessage_AdminCreateUser"
    sms = response_of(source, language)["smsMessage"]
    sms = sms.replace("{####}", "Ab1!" * 5 if admin else "123456")
    sms = sms.replace("{username}", load("custom_message")["userName"])
    assert len(sms) <= (70 if language == "ja" else 140)
    if language == "en":
        assert set(sms) <= set(string.printable), "a character outside GSM-7 halves what a part of an SMS holds"


@EACH
def test_an_sms_of_a_new_user_fits_even_by_e_mail_name(source: str, language: str) -> None:
    sms = response_of(source, language)["smsMessage"]
    assert len(sms.replace("{####}", "x" * 24).replace("{username}", "u" * 60)) <= 140


@EACH
def test_an_e_mail_fits_and_is_well_formed(source: str, language: str) -> None:
    response = response_of(source, language)
    assert len(response["emailSubject"]) <= 140
    assert len(response["emailMessage"]) <= 20_000
    opened: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "meta":
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Reader().feed(response["emailMessage"])
    assert opened == []


@pytest.mark.parametrize("locale", ["ja", "ja-JP", "ja_JP", "JA", "Ja-jp", " ja ", "ja-Jpan-JP"])
def test_japanese_locales(locale: str) -> None:
    assert is_japanese(response_of("CustomMessage_SignUp", locale)["smsMessage"])


@pytest.mark.parametrize(
    "locale", [None, "", "en", "en-US", "fr", "jam", "jav-ID", "japanese", "x-ja", "../ja", "日本"]
)
def test_every_other_locale_is_english(locale: str | None) -> None:
    assert not is_japanese(response_of("CustomMessage_SignUp", locale)["smsMessage"])


@pytest.mark.parametrize("setting", ["false", "", "TRUE", "1"])
def test_e_mail_fields_only_through_ses(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("EMAIL_THROUGH_SES", setting)
    response = response_of("CustomMessage_SignUp")
    assert response["smsMessage"]
    assert response["emailMessage"] is None
    assert response["emailSubject"] is None


@EACH
def test_no_word_of_the_user_is_sent(source: str, language: str) -> None:
    words = "<a href='https://evil.example'>Win!</a>{####}{username}%s{0}"
    hostile = response_of(source, language, name=words, given_name=words, email=f"{words}@evil.example")
    assert hostile == response_of(source, language)


def test_a_value_in_place_of_a_placeholder_is_escaped() -> None:
    event = event_of("CustomMessage_AdminCreateUser")
    event["request"]["usernameParameter"] = "<img src=x>{code}"
    response = handler(event, CONTEXT)["response"]
    assert "<img" not in response["emailMessage"]
    assert "&lt;img src=x&gt;{code}" in response["emailMessage"]


def test_a_missing_placeholder_sends_nothing() -> None:
    event = event_of("CustomMessage_AdminCreateUser")
    event["request"]["usernameParameter"] = None
    with pytest.raises(DeniedError):
        handler(event, CONTEXT)


@EACH
def test_a_second_run_answers_the_same(source: str, language: str) -> None:
    once = handler(event_of(source, language), CONTEXT)["response"]
    again = event_of(source, language) | {"response": dict(once)}
    assert handler(again, CONTEXT)["response"] == once
