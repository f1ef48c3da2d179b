"""The identity providers of a user pool: found, checked against the pool, and as answers show them.

Source: API reference, `CreateIdentityProvider`; Cognito developer guide, "Quotas" and "Mapping IdP attributes to
profiles and tokens"; messages as AWS answers them, where those are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import UserPool
from localcloud.userpool.providers import provider_details, saml_details, saml_key
from localcloud.userpool.providers.federation_state import IdentityProvider

MOST = 300
"""Providers of one pool."""

SOCIAL = ("Facebook", "Google", "LoginWithAmazon", "SignInWithApple")
"""Types of which a pool has one, which is named like its type."""

_SUBJECTS = {"Facebook": "id", "Google": "sub", "LoginWithAmazon": "user_id", "SignInWithApple": "sub", "OIDC": "sub"}
"""The attribute of the provider that the username is made of, which the mapping shows; SAML has its NameID for that."""


def require_provider(ctx: Context, pool_id: str, name: str) -> IdentityProvider:
    """The provider of that name. Raises ResourceNotFoundException."""
    provider = ctx.store.get(IdentityProvider, pool_id, name)
    if provider is None:
        raise AwsError("ResourceNotFoundException", f"Identity provider {name} does not exist.")
    return provider


def read_details(
    ctx: Context, provider_type: str, given: Mapping[str, str | None], kept: Mapping[str, str] | None = None
) -> tuple[dict[str, str], str]:
    """ProviderDetails, AWS's own filled in, and the issuer of a SAML provider. Asks the network for SAML metadata."""
    details = provider_details.read(provider_type, given, kept)
    return saml_details.read(ctx, details) if provider_type == "SAML" else (details, "")


def check_name(name: str, provider_type: str) -> None:
    """Raise InvalidParameterException for a social provider of another name, or another provider of a social name."""
    reserved = name in SOCIAL or name.upper() == "COGNITO"
    if (provider_type in SOCIAL or reserved) and name != provider_type:
        raise _bad(f"Provider {name} cannot be of type {provider_type}.")


def read_mapping(pool: UserPool, provider_type: str, given: Mapping[str, str | None]) -> dict[str, str]:
    """AttributeMapping with the username's source. Raises InvalidParameterException."""
    schema = {entry["Name"] for entry in pool.config["SchemaAttributes"]} - {"sub"}
    mapping = {name: claim for name, claim in given.items() if claim}
    subject = _SUBJECTS.get(provider_type)
    if subject is not None and mapping.setdefault("username", subject) != subject:
        raise _bad(f"username attribute mapping of a provider of type {provider_type} must be {subject}.")
    for name in mapping:
        if name not in schema and not (name == "username" and subject):
            raise _bad(f"Invalid AttributeMapping: {name}: Attribute does not exist in schema.")
    return mapping


def check_identifiers(ctx: Context, pool_id: str, name: str, identifiers: Sequence[str]) -> list[str]:
    """IdpIdentifiers without repeats. Raises InvalidParameterException where another provider has one of them.

    Attack: a company's domain, given to another one's provider as well: whose users would it bring?
    """
    for other in ctx.store.find(IdentityProvider, pool_id=pool_id):
        if other.name != name and (taken := set(identifiers).intersection(other.identifiers)):
            raise _bad(f"IdpIdentifier {min(taken)} is already in use by provider {other.name}.")
    return list(dict.fromkeys(identifiers))


def describe(ctx: Context, provider: IdentityProvider) -> dict[str, Any]:
    """An `IdentityProviderType`."""
    details = {name: text for name, text in provider.details.items() if name != provider_details.WRITE_ONLY}
    if details.get("EncryptedResponses") == "true":
        details["ActiveEncryptionCertificate"] = saml_key.certificate(ctx, provider.pool_id)
    return {
        "UserPoolId": provider.pool_id,
        "ProviderName": provider.name,
        "ProviderType": provider.type,
        "ProviderDetails": details,
        "AttributeMapping": provider.mapping,
        "IdpIdentifiers": provider.identifiers,
        "LastModifiedDate": provider.modified,
        "CreationDate": provider.created,
    }


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
