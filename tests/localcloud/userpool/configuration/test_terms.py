"""Terms documents: one of each name for a client, changed part by part, gone with the client."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.userpool.configuration.terms import links_for
from tests.localcloud.userpool.conftest import Api

USE, PRIVACY = "terms-of-use", "privacy-policy"
LINKS = {"cognito:default": "https://example.com/terms", "cognito:japanese": "https://example.com/ja/terms"}
LINK = {"TermsSource": "LINK", "Enforcement": "NONE"}


@pytest.fixture
def client(api: Api, pool: str) -> dict[str, str]:
    return {"UserPoolId": pool, "ClientId": api.new_client(pool)}


def create(api: Api, client: dict[str, str], name: str = USE, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = api("CreateTerms", **client, TermsName=name, **LINK, **{"Links": LINKS, **more})["Terms"]
    return made


def test_a_document_is_kept_shown_changed_and_deleted(api: Api, pool: str, client: dict[str, str]) -> None:
    made = create(api, client)
    by_id = {"UserPoolId": pool, "TermsId": made["TermsId"]}
    assert (made["Links"], made["TermsSource"], made["Enforcement"]) == (LINKS, "LINK", "NONE")
    assert api("DescribeTerms", **by_id)["Terms"] == made
    assert api("DescribeTermsByClient", **client, TermsName=USE)["Terms"] == made
    (listed,) = api("ListTerms", UserPoolId=pool)["Terms"]
    assert set(listed) == {"TermsId", "TermsName", "Enforcement", "CreationDate", "LastModifiedDate"}

    other = {"cognito:default": "https://example.com/new"}
    assert api("UpdateTerms", **by_id, Links=other)["Terms"]["Links"] == other
    renamed = api("UpdateTerms", **by_id, TermsName=PRIVACY)["Terms"]
    assert (renamed["TermsName"], renamed["Links"]) == (PRIVACY, other)
    api("DeleteTerms", **by_id)
    with api.refused("ResourceNotFoundException"):
        api("DescribeTerms", **by_id)
    with api.refused("ResourceNotFoundException"):
        api("DescribeTermsByClient", **client, TermsName=PRIVACY)


def test_a_client_has_one_document_of_each_name(api: Api, pool: str, client: dict[str, str]) -> None:
    create(api, client)
    with api.refused("TermsExistsException"):
        create(api, client)
    other = create(api, client, PRIVACY)
    with api.refused("TermsExistsException"):
        api("UpdateTerms", UserPoolId=pool, TermsId=other["TermsId"], TermsName=USE)
    create(api, {"UserPoolId": pool, "ClientId": api.new_client(pool)})


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.com", "https://", "https://a@b/"]
)
def test_a_link_is_the_address_of_a_web_page(api: Api, client: dict[str, str], url: str) -> None:
    """Attack: a link on the sign-up page that a browser runs."""
    with api.refused("InvalidParameterException", "no address of a web page"):
        create(api, client, Links={"cognito:default": url})


def test_documents_are_shown_once_there_are_both(api: Api, client: dict[str, str]) -> None:
    create(api, client)
    assert links_for(api.context, client["ClientId"], "en") == {}
    create(api, client, PRIVACY, Links={"cognito:default": "https://example.com/privacy"})
    shown = {language: links_for(api.context, client["ClientId"], language)[USE] for language in ("en", "ja")}
    assert shown == {"en": LINKS["cognito:default"], "ja": LINKS["cognito:japanese"]}


def test_a_language_without_both_documents_shows_none(api: Api, client: dict[str, str]) -> None:
    create(api, client, Links={"cognito:japanese": "https://example.com/ja"})
    create(api, client, PRIVACY, Links={"cognito:english": "https://example.com/en"})
    assert [links_for(api.context, client["ClientId"], language) for language in ("en", "ja")] == [{}, {}]


def test_a_clients_documents_go_with_it(api: Api, pool: str, client: dict[str, str]) -> None:
    create(api, client)
    api("DeleteUserPoolClient", **client)
    assert api("ListTerms", UserPoolId=pool)["Terms"] == []


def test_another_pools_documents_are_not_to_be_had(api: Api, client: dict[str, str]) -> None:
    made, other = create(api, client), api.new_pool()
    for operation in ("DescribeTerms", "UpdateTerms", "DeleteTerms"):
        with api.refused("ResourceNotFoundException"):
            api(operation, UserPoolId=other, TermsId=made["TermsId"])
    with api.refused("ResourceNotFoundException"):
        create(api, {**client, "UserPoolId": other}, PRIVACY)


def test_a_document_without_links_is_refused(api: Api, client: dict[str, str]) -> None:
    with api.refused("InvalidParameterException", "Links are required"):
        api("CreateTerms", **client, TermsName=USE, **LINK)
