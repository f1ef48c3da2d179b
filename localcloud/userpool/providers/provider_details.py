"""ProviderDetails: which keys each type of provider has, which of them it needs, and what AWS fills in.

Source: API reference, `CreateIdentityProvider`, ProviderDetails; messages as AWS answers them, where those are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.errors import AwsError
from localcloud.federation.addresses import checked
from localcloud.userpool.configuration.settings import unsupported

WRITE_ONLY = "private_key"
"""A key of Sign in with Apple that no answer shows."""

_FLAG = frozenset({"true", "false"})
_CLIENT = ("client_id", "client_secret", "authorize_scopes")
_API_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_DEFAULT_API_VERSION = "v17.0"


@dataclass(frozen=True, slots=True)
class Details:
    """The keys of one type of provider. `fixed` are AWS's own, which a request may repeat and not change.

    `values` are all that a key may be; `urls` are addresses, and `api_version` stands in those that have it.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    urls: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


_ALL: Mapping[str, Details] = {
    "Google": Details(
        required=_CLIENT,
        fixed={
            "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
            "attributes_url_add_attributes": "true",
            "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
            "oidc_issuer": "https://accounts.google.com",
            "token_request_method": "POST",
            "token_url": "https://www.googleapis.com/oauth2/v4/token",
        },
    ),
    "Facebook": Details(
        required=_CLIENT,
        optional=("api_version",),
        fixed={
            "attributes_url": "https://graph.facebook.com/{api_version}/me?fields=",
            "attributes_url_add_attributes": "true",
            "authorize_url": "https://www.facebook.com/{api_version}/dialog/oauth",
            "token_request_method": "GET",
            "token_url": "https://graph.facebook.com/{api_version}/oauth/access_token",
        },
    ),
    "LoginWithAmazon": Details(
        required=_CLIENT,
        fixed={
            "attributes_url": "https://api.amazon.com/user/profile",
            "attributes_url_add_attributes": "false",
            "authorize_url": "https://www.amazon.com/ap/oa",
            "token_request_method": "POST",
            "token_url": "https://api.amazon.com/auth/o2/token",
        },
    ),
    "SignInWithApple": Details(
        required=("client_id", "team_id", "key_id", WRITE_ONLY, "authorize_scopes"),
        fixed={
            "attributes_url_add_attributes": "false",
            "authorize_url": "https://appleid.apple.com/auth/authorize",
            "oidc_issuer": "https://appleid.apple.com",
            "token_request_method": "POST",
            "token_url": "https://appleid.apple.com/auth/token",
        },
    ),
    "OIDC": Details(
        required=("client_id", "attributes_request_method", "oidc_issuer", "authorize_scopes"),
        optional=("client_secret", "authorize_url", "token_url", "attributes_url", "jwks_uri"),
        fixed={"attributes_url_add_attributes": "false"},
        values={"attributes_request_method": frozenset({"GET", "POST"})},
        urls=("oidc_issuer", "authorize_url", "token_url", "attributes_url", "jwks_uri"),
    ),
    "SAML": Details(
        optional=(
            "MetadataURL",
            "MetadataFile",
            "IDPSignout",
            "IDPInit",
            "EncryptedResponses",
            "RequestSigningAlgorithm",
        ),
        values={
            "IDPSignout": _FLAG,
            "IDPInit": _FLAG,
            "EncryptedResponses": _FLAG,
            "RequestSigningAlgorithm": frozenset({"rsa-sha256"}),
        },
        urls=("MetadataURL",),
        answered=("SSORedirectBindingURI", "SLORedirectBindingURI", "ActiveEncryptionCertificate"),
    ),
}


def read(provider_type: str, given: Mapping[str, str | None], kept: Mapping[str, str] | None = None) -> dict[str, str]:
    """The details of a provider, AWS's own filled in. Raises InvalidParameterException.

    `kept` are its details until now: what no answer shows need not be sent again.
    """
    rule = _ALL[provider_type]
    # What only answers have may come back in a request; it is found out anew.
    details = {name: value for name, value in given.items() if value is not None and name not in rule.answered}
    if kept and WRITE_ONLY in kept:
        details.setdefault(WRITE_ONLY, kept[WRITE_ONLY])
    fixed = _fixed(rule, details)
    for name, value in details.items():
        _check(rule, fixed, name, value)
    if not all(details.get(name) for name in rule.required):
        raise _bad(f"{', '.join(rule.required[:-1])} and {rule.required[-1]} are all required idp details")
    return {**details, **fixed}


def _fixed(rule: Details, details: Mapping[str, str]) -> dict[str, str]:
    if "api_version" not in rule.optional:
        return dict(rule.fixed)
    version = details.get("api_version") or _DEFAULT_API_VERSION
    # Attack: a version with a slash or a host in it, which leads elsewhere.
    if not _API_VERSION.fullmatch(version):
        raise _bad("Invalid api_version.")
    return {"api_version": version, **{name: text.format(api_version=version) for name, text in rule.fixed.items()}}


def _check(rule: Details, fixed: Mapping[str, str], name: str, value: str) -> None:
    """Never with the value in the text: it may be a secret under the wrong name."""
    if name in fixed:
        if value != fixed[name]:
            raise unsupported(f"ProviderDetails.{name}: another value than AWS's own")
    elif name not in (*rule.required, *rule.optional):
        raise unsupported(f"ProviderDetails.{name}")
    elif name in rule.values and value not in rule.values[name]:
        raise _bad(f"{name} must be one of {', '.join(sorted(rule.values[name]))}.")
    elif name in rule.urls and value:
        try:
            checked(value)
        except ValueError as error:
            raise _bad(f"{name}: {error}.") from error


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
