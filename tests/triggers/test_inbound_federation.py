"""Inbound federation keeps each provider to its e-mail domains, and joins what a trusted one has verified."""

from __future__ import annotations

from typing import Any

import pytest

from tests.events import CONTEXT, load
from triggers import linking
from triggers.errors import DeniedError
from triggers.inbound_federation import handler

TRUSTED = "Google=example.com,bücher.example Saml=corp.example"


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What was to be joined; nothing is: what joining does is shown against a user pool."""
    found: list[tuple[str, ...]] = []
    monkeypatch.setenv("PROVIDER_EMAIL_DOMAINS", "Saml=corp.example")
    monkeypatch.setenv("LINKING_EMAIL_DOMAINS", TRUSTED)
    monkeypatch.setattr(linking, "join", lambda *what: found.append(what))
    return found


def arrive(provider: str = "Google", source: str = "idToken", /, **claims: str | None) -> dict[str, Any]:
    event = load("inbound_federation")
    event["request"]["providerName"], event["userName"] = provider, f"{provider}_77"
    event["request"]["providerType"] = "SAML" if provider == "Saml" else provider
    attributes = event["request"]["attributes"]
    for name in ("idToken", "userInfo"):
        attributes[name] = None
    attributes[source] = {"email": "user@example.com", "email_verified": "true", "sub": "77", **claims}
    attributes[source] = {name: value for name, value in attributes[source].items() if value is not None}
    return handler(event, CONTEXT)


def test_a_verified_address_of_a_trusted_provider_is_joined_and_every_claim_kept(joined: list[tuple[str, ...]]) -> None:
    assert arrive()["response"] == {"userAttributesToMap": {}}
    assert joined == [("us-east-1_EXAMPLE12", "Google", "77", "user@example.com")]


def test_a_domain_has_one_spelling(joined: list[tuple[str, ...]]) -> None:
    arrive(email="a@xn--bcher-kva.example")
    arrive(email="a@BÜCHER.example")
    assert len(joined) == 2


@pytest.mark.parametrize(
    ("provider", "claims"),
    [
        ("Google", {"email_verified": "false"}),
        ("Google", {"email": "user@other.example"}),
        ("Google", {"email": "user@other.example@example.com"}),
        ("Google", {"email": "user@sub.example.com"}),
        ("Google", {"email": None}),
        ("Facebook", {}),
    ],
)
def test_attack_an_address_that_nobody_trusted_has_verified(
    joined: list[tuple[str, ...]], provider: str, claims: dict[str, str | None]
) -> None:
    assert arrive(provider, **claims)["response"] == {"userAttributesToMap": {}}
    assert joined == []


def test_the_signed_token_wins_over_the_profile(joined: list[tuple[str, ...]]) -> None:
    event = load("inbound_federation")
    event["request"]["attributes"]["userInfo"] = {"email": "victim@example.com"}
    event["request"]["attributes"]["idToken"]["email"] = "user@other.example"
    handler(event, CONTEXT)
    assert joined == []


def test_a_company_is_trusted_for_its_domain_without_a_word_of_verification(joined: list[tuple[str, ...]]) -> None:
    address = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
    answer = arrive("Saml", "samlResponse", email=None, email_verified=None, sub=None, **{address: "ada@corp.example"})
    assert answer["response"]["userAttributesToMap"] == {address: "ada@corp.example", "email_verified": "true"}
    assert joined == [("us-east-1_EXAMPLE12", "Saml", "77", "ada@corp.example")]


@pytest.mark.parametrize("email", ["ada@example.com", "ada@corp.example.evil.example", "", "ada"])
def test_a_provider_signs_in_its_own_domains_only(joined: list[tuple[str, ...]], email: str) -> None:
    with pytest.raises(DeniedError, match="Saml may not sign in this e-mail domain"):
        arrive("Saml", "samlResponse", email=email)
    assert joined == []


ADDRESS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


def test_attack_an_allowed_address_beside_the_one_that_is_mapped(joined: list[tuple[str, ...]]) -> None:
    """One company's provider, kept to its domain, would sign in another one's people and verify their addresses."""
    with pytest.raises(DeniedError, match="Saml may not sign in this e-mail domain"):
        arrive("Saml", "samlResponse", email="mallory@corp.example", **{ADDRESS: "ada@example.com"})
    assert joined == []


def test_attack_two_addresses_of_a_trusted_domain(joined: list[tuple[str, ...]]) -> None:
    answer = arrive("Saml", "samlResponse", email="mallory@corp.example", **{ADDRESS: "ada@corp.example"})
    assert answer["response"] == {"userAttributesToMap": {}}
    assert joined == []


@pytest.mark.parametrize("profile", [{"email": "ada@example.com"}, {"email_verified": "false"}])
def test_attack_a_profile_that_says_something_else_than_the_token(
    joined: list[tuple[str, ...]], profile: dict[str, str]
) -> None:
    event = load("inbound_federation")
    event["request"]["attributes"]["userInfo"] |= profile
    handler(event, CONTEXT)
    assert joined == []


@pytest.mark.parametrize("name", ["sub", "id", "user_id"])
def test_attack_a_saml_attribute_in_place_of_the_name_id(joined: list[tuple[str, ...]], name: str) -> None:
    """Its user may write such an attribute, and would be joined under a colleague's name, who then comes to them."""
    arrive("Saml", "samlResponse", email="mallory@corp.example", **{"sub": None, name: "ada"})
    assert [subject for _, _, subject, _ in joined] == ["77"]


@pytest.mark.parametrize("source", ["PreSignUp_ExternalProvider", "TokenGeneration_HostedAuth"])
def test_another_source_is_refused(joined: list[tuple[str, ...]], source: str) -> None:
    with pytest.raises(DeniedError, match="is not served here"):
        handler(load("inbound_federation") | {"triggerSource": source}, CONTEXT)
