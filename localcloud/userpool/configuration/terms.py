"""Terms documents of app clients: links to terms of use and to a privacy policy, shown where somebody signs up.

Source: API reference, `CreateTerms`; Cognito developer guide, "Terms documents".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.pool_state import Terms

NAMES = ("terms-of-use", "privacy-policy")

_LANGUAGES = {"en": "cognito:english", "ja": "cognito:japanese"}
_DEFAULT = "cognito:default"
_WEB = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)


def require(ctx: Context, pool_id: str, terms_id: str) -> Terms:
    """The document of that id. Raises ResourceNotFoundException."""
    found = ctx.store.get(Terms, pool_id, terms_id)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"Terms {terms_id} do not exist.")
    return found


def of_client(ctx: Context, client_id: str, name: str) -> Terms | None:
    """A client's document of that name, of which it has one at most."""
    return next((one for one in ctx.store.find(Terms, client_id=client_id) if one.name == name), None)


def check_links(links: Mapping[str, str]) -> None:
    """Raise InvalidParameterException. Attack: a link on the sign-up page that a browser runs (`javascript:`)."""
    if not links:
        raise AwsError("InvalidParameterException", "Links are required: one for cognito:default, or for a language.")
    for url in links.values():
        if not _WEB.fullmatch(url):
            raise AwsError("InvalidParameterException", f"{url} is no address of a web page.")


def check_free(ctx: Context, client_id: str, name: str, besides: str = "") -> None:
    """Raise TermsExistsException where the client has another document of that name."""
    other = of_client(ctx, client_id, name)
    if other is not None and other.id != besides:
        raise AwsError("TermsExistsException", f"Terms {name} already exist for client {client_id}.")


def links_for(ctx: Context, client_id: str, language: str) -> dict[str, str]:
    """The URLs of both documents by their names, in a language such as `ja`; none unless there are both."""
    found = {}
    for document in ctx.store.find(Terms, client_id=client_id):
        url = document.links.get(_LANGUAGES.get(language, _DEFAULT)) or document.links.get(_DEFAULT)
        if url:
            found[document.name] = url
    return {name: found[name] for name in NAMES} if len(found) == len(NAMES) else {}


def describe(terms: Terms) -> dict[str, Any]:
    """A `TermsType`."""
    return {
        **summary(terms),
        "UserPoolId": terms.pool_id,
        "ClientId": terms.client_id,
        "TermsSource": "LINK",
        "Links": terms.links,
    }


def summary(terms: Terms) -> dict[str, Any]:
    """A `TermsDescriptionType`."""
    return {
        "TermsId": terms.id,
        "TermsName": terms.name,
        "Enforcement": "NONE",
        "CreationDate": terms.created,
        "LastModifiedDate": terms.modified,
    }
