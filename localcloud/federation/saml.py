"""SAML responses: the two entrances, for AssumeRoleWithSAML and for the logins of identity pools.

lxml and signxml are loaded when the first response comes: they cost time and memory that only SAML needs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import saml_context, session_tags
from localcloud.federation.errors import FederationError, TokenError
from localcloud.federation.models import SamlProvider
from localcloud.federation.principal import FederatedPrincipal
from localcloud.federation.saml_assertion import Addressee, Assertion
from localcloud.federation.sts_errors import sts_error
from localcloud.federation.user import FederatedUser

_NAMES = "https://aws.amazon.com/SAML/Attributes/"
_TAG = f"{_NAMES}PrincipalTag:"
_SESSION_NAME = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}")
_SECONDS = re.compile(r"\d{1,6}", re.ASCII)
_ENDPOINT = r"https://([a-z]{2}(-[a-z]+)+-\d\.)?signin\.aws\.amazon\.com/saml"
"""AWS's assertion consumer, everywhere and in one region."""

_AWS = Addressee(
    audience=re.compile(f"urn:amazon:webservices|{_ENDPOINT}", re.ASCII),
    recipient=re.compile(_ENDPOINT, re.ASCII),
    minutes=5,
    request_id=None,
)
"""Source: STS, "Token must be redeemed within 5 minutes"; nobody asks for a response with a request of AWS's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlPrincipal(FederatedPrincipal):
    """Somebody whom a SAML provider vouches for; `audience` is the assertion's recipient."""

    subject_type: str
    name_qualifier: str
    session_name: str


def verify_for_sts(ctx: Context, provider_arn: str, assertion: str, role_arn: str) -> SamlPrincipal:
    """Whom a response proves the caller to be, who wants this role. `assertion` is the response in base64.

    Raises AwsError: InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, and AccessDenied for a role that the
    assertion does not name together with the provider.
    """
    try:
        provider, said = _verify(ctx, provider_arn, assertion)
        # Attack: somebody's good assertion for one role, used to take another that trusts the same provider.
        if (role_arn, provider_arn) not in roles(said):
            raise AwsError("AccessDenied", "Not authorized to perform: sts:AssumeRoleWithSAML", 403)
        context = saml_context.condition_keys(provider, said)
        return SamlPrincipal(
            provider=provider.arn,
            issuer=said.issuer,
            subject=said.subject,
            audience=said.recipient,
            context=context,
            session_context={key: context[key] for key in saml_context.SESSION_KEYS},
            subject_type=saml_context.subject_type(said),
            name_qualifier=saml_context.name_qualifier(provider, said),
            session_name=_session_name(said),
            session_seconds=_session_seconds(said, ctx.now),
            tags=_tags(said),
            transitive_tags=said.attributes.get(f"{_NAMES}TransitiveTagKeys", ()),
            source_identity=session_tags.source_identity(_only(said, "SourceIdentity")),
        )
    except FederationError as error:
        raise sts_error(error) from error


def verify_login(ctx: Context, provider_arn: str, response: str) -> FederatedUser:
    """The user of a response, as a login of an identity pool. Raises FederationError.

    The claims are the attributes: a text, or a list where there are several values. The roles that the assertion offers
    stand in `cognito:roles`, where a user pool's token has its own.
    """
    provider, said = _verify(ctx, provider_arn, response)
    claims = {name: values[0] if len(values) == 1 else list(values) for name, values in said.attributes.items()}
    offered = [role for role, by in roles(said) if by == provider_arn]
    return FederatedUser(
        provider=provider.arn,
        issuer=said.issuer,
        subject=said.subject,
        audience=said.recipient,
        claims={**claims, "sub": said.subject, "cognito:roles": offered},
    )


def roles(assertion: Assertion) -> list[tuple[str, str]]:
    """The (role, provider) pairs that an assertion offers; in its text they come in either order."""
    pairs = []
    for value in assertion.attributes.get(f"{_NAMES}Role", ()):
        arns = [arn.strip() for arn in value.split(",")]
        if len(arns) == 2:
            pairs.append((arns[1], arns[0]) if ":saml-provider/" in arns[0] else (arns[0], arns[1]))
    return pairs


def _verify(ctx: Context, provider_arn: str, response: str) -> tuple[SamlProvider, Assertion]:
    from localcloud.federation import saml_metadata, saml_response

    provider = ctx.store.get(SamlProvider, provider_arn)
    if provider is None:
        raise TokenError("Specified provider doesn't exist")
    # Attack: keys that their owner has published for a time, and given up since.
    if ctx.now >= provider.valid_until:
        raise TokenError("The metadata of the specified provider has expired")
    try:
        metadata = saml_metadata.read(provider.metadata)
    except ValueError as error:
        raise TokenError("Could not parse metadata") from error
    said = saml_response.read(response, metadata.certificates)
    said.check(metadata.entity_id, _AWS, ctx.now)
    return provider, said


def _session_name(said: Assertion) -> str:
    name = _only(said, "RoleSessionName")
    if name is None:
        raise TokenError("RoleSessionName is required in AuthnResponse")
    if not _SESSION_NAME.fullmatch(name):
        raise TokenError("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    return name


def _session_seconds(said: Assertion, now: float) -> int | None:
    """The shorter of `SessionDuration` and the time until `SessionNotOnOrAfter`. Source: AssumeRoleWithSAML."""
    limits = [] if said.session_ends is None else [int(said.session_ends - now)]
    duration = _only(said, "SessionDuration")
    if duration is not None:
        if not _SECONDS.fullmatch(duration) or not 900 <= int(duration) <= 43_200:
            raise TokenError("SessionDuration in AuthnResponse must be between 900 and 43200")
        limits.append(int(duration))
    return min(limits, default=None)


def _tags(said: Assertion) -> dict[str, str]:
    tags = []
    for name, values in said.attributes.items():
        if name.startswith(_TAG):
            if len(values) != 1:
                raise TokenError("A PrincipalTag attribute has exactly one value")
            tags.append((name.removeprefix(_TAG), values[0]))
    return session_tags.checked(tags)


def _only(said: Assertion, name: str) -> str | None:
    """The one value of an attribute of AWS's own; None without it."""
    values = said.attributes.get(_NAMES + name)
    if values is None:
        return None
    if len(values) != 1:
        raise TokenError(f"{name} in AuthnResponse has exactly one value")
    return values[0]
