"""AssumeRoleWithSAML: a session of a role for whoever has a response of a SAML provider that names the role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import saml
from localcloud.sts import federated_sessions


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A session of the role, if it trusts the provider with what the response says.

    Raises AwsError: InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, AccessDenied,
    MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError.
    """
    proven = saml.verify_for_sts(ctx, request["PrincipalArn"], request["SAMLAssertion"], request["RoleArn"])
    answer = federated_sessions.begin(ctx, request, "sts:AssumeRoleWithSAML", proven, proven.session_name)
    return {
        **answer,
        "Subject": proven.subject,
        "SubjectType": proven.subject_type,
        "Issuer": proven.issuer,
        "Audience": proven.audience,
        "NameQualifier": proven.name_qualifier,
    }
