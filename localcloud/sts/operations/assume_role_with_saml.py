"""AssumeRoleWithSAML: a session of a role for whoever has a response of a SAML provider that names the role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import saml
from localcloud.sts import federated_sessions
from localcloud.sts.federated_sessions import Proven

_KEPT = frozenset({"saml:namequalifier", "saml:sub", "saml:sub_type"})
"""The keys that later requests of the session have (rule 50). Source: service authorization reference, list_sts."""


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A session of the role, if it trusts the provider with what the response says.

    Raises AwsError: InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, AccessDenied,
    MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError.
    """
    identity = saml.verify_for_sts(ctx, request["PrincipalArn"], request["SAMLAssertion"], request["RoleArn"], ctx.now)
    proven = Proven(
        provider=identity.provider,
        context=identity.context,
        session_context={key: value for key, value in identity.context.items() if key.lower() in _KEPT},
        tags=identity.tags,
        transitive_tags=identity.transitive_tags,
        source_identity=identity.source_identity,
        most_seconds=identity.session_seconds,
    )
    answer = federated_sessions.begin(ctx, request, "sts:AssumeRoleWithSAML", proven, identity.session_name)
    return {
        **answer,
        "Subject": identity.subject,
        "SubjectType": identity.subject_type,
        "Issuer": identity.issuer,
        "Audience": identity.audience,
        "NameQualifier": identity.name_qualifier,
    }
