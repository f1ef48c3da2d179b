"""A SAML provider's metadata, read when the provider is made or changed, for what AWS shows of it.

The sign-in reads it again (`relying_party/saml`): a document at a URL changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import documents
from localcloud.federation.addresses import AnswerError


def read(ctx: Context, details: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The details with the addresses that the metadata has, and the provider's entity id.

    Asks the network. Raises InvalidParameterException.
    """
    # lxml, which only pools with a SAML provider need.
    from localcloud.federation import saml_metadata

    try:
        metadata = saml_metadata.read(_document(ctx, details))
    except ValueError as error:
        raise _bad(f"Unable to unmarshall metadata: {error}.") from error
    redirect = saml_metadata.REDIRECT
    if redirect not in metadata.sign_on:
        raise _bad("No SingleSignOn Http redirect binding location found in metadata.")
    found = {"SSORedirectBindingURI": metadata.sign_on[redirect]}
    if redirect in metadata.logout:
        found["SLORedirectBindingURI"] = metadata.logout[redirect]
    return {**details, **found}, metadata.entity_id


def _document(ctx: Context, details: Mapping[str, str]) -> str:
    url, text = details.get("MetadataURL"), details.get("MetadataFile")
    if not url and not text:
        raise _bad("At least one of the MetadataURL or MetadataFile should be provided.")
    if url and text:
        raise _bad("Only one of the MetadataURL or MetadataFile can be provided.")
    if not url:
        return str(text)
    address = documents.address_of(ctx.cloud, url.partition("://")[2], url)
    try:
        return ctx.cloud.fetch(address, headers={"Accept": "application/samlmetadata+xml, application/xml"}).decode()
    except AnswerError as error:
        message = f"Non-ok status code {error.status} returned from remote metadata source {url}"
        raise _bad(message) from error
    except OSError as error:
        raise _bad(f"Unable to read the remote metadata source {url}: {error}") from error


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
