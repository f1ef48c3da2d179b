"""From a provider's claims to a pool's attributes, by the provider's AttributeMapping.

Source: Cognito developer guide, "Mapping IdP attributes to profiles and tokens".
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote_plus

from localcloud.errors import AwsError
from localcloud.userpool.accounts import attributes
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.providers.federation_state import IdentityProvider


def mapped(
    pool: UserPool, client: AppClient, provider: IdentityProvider, claims: Mapping[str, str | list[str]]
) -> dict[str, str]:
    """The attributes that a sign-in sets. Raises InvalidParameterException and NotAuthorizedException.

    A claim that is not there changes nothing. The pool's required attributes must come each time.
    """
    texts = {name: _text(claims.get(claim, "")) for name, claim in provider.mapping.items() if name != "username"}
    values = _with_verified({name: text for name, text in texts.items() if text})
    required = (entry["Name"] for entry in pool.config["SchemaAttributes"] if entry["Required"])
    if missing := [name for name in required if name != "sub" and name not in values]:
        raise AwsError("InvalidParameterException", f"attributes required: [{', '.join(missing)}]")
    attributes.check_writable(client, (name for name in values if not name.endswith("_verified")))
    attributes.check(pool, values)
    return values


def _with_verified(values: Mapping[str, str]) -> dict[str, str]:
    """Attack: an address that counts as verified because the one before it was, or because nobody said anything.

    It does only where the provider says so of this address, in this sign-in; on AWS, too, it is unverified otherwise.
    """
    flags = {
        f"{name}_verified": values.get(f"{name}_verified", "").lower() == "true"
        for name in attributes.VERIFIABLE
        if name in values
    }
    rest = {name: text for name, text in values.items() if not name.endswith("_verified")}
    return {**rest, **{name: "true" if flag else "false" for name, flag in flags.items()}}


def _text(claim: str | list[str]) -> str:
    """A claim as Cognito writes it: of several values, each is form-encoded."""
    if isinstance(claim, str):
        return claim
    if len(claim) < 2:
        return "".join(claim)
    return f"[{', '.join(_encoded(value) for value in claim)}]"


def _encoded(value: str) -> str:
    # Java's form encoding, which is AWS's, keeps the star, and not the tilde.
    return quote_plus(value, safe="*").replace("~", "%7E")
