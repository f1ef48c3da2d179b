"""Where an OpenID Connect provider is asked: what its settings say, and its discovery document for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Cloud
from localcloud.federation import documents
from localcloud.federation.addresses import checked
from localcloud.federation.errors import UnreachableError
from localcloud.federation.openid import Issuer

_DISCOVERED: Mapping[str, str] = {
    "authorize_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "jwks_uri": "jwks_uri",
    "attributes_url": "userinfo_endpoint",
}
"""A key of AWS's ProviderDetails → its name in a discovery document."""

_NEEDED = ("authorize_url", "token_url", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A provider's URLs; `user_info` is empty where it has none. `issuer` has the key set with it.

    `names` are what it may call itself in an answer, `named` says that it does so in each. `pkce` is about S256.
    """

    issuer: Issuer
    authorize: str
    token: str
    user_info: str
    names: tuple[str, ...]
    named: bool = False
    pkce: bool = True


def find(cloud: Cloud, issuer: Issuer, given: Mapping[str, str]) -> Endpoints:
    """The endpoints of an issuer; what is given wins. Raises UnreachableError.

    With a stand-in nothing is as given, since that names the real provider. Where all that is needed is given, nothing
    is discovered: on AWS too, only what could not be discovered is.
    """
    if issuer.name in cloud.providers:
        given = {}
    address = documents.address_of(cloud, issuer.name, issuer.address)
    complete = all(given.get(name) for name in _NEEDED)
    document = {} if complete else documents.configuration(cloud, issuer.name, address, issuer.forms)
    urls = {name: _url(name, given, document, issuer, address) for name in _DISCOVERED}
    methods = document.get("code_challenge_methods_supported")
    return Endpoints(
        issuer=Issuer(issuer.name, issuer.forms, issuer.address, urls["jwks_uri"]),
        authorize=urls["authorize_url"],
        token=urls["token_url"],
        user_info=urls["attributes_url"],
        names=(*issuer.forms, address),
        named=document.get("authorization_response_iss_parameter_supported") is True,
        pkce=not isinstance(methods, list) or "S256" in methods,
    )


def _url(name: str, given: Mapping[str, str], document: Mapping[str, Any], issuer: Issuer, address: str) -> str:
    if given.get(name):
        try:
            return checked(given[name]).geturl()
        except ValueError as error:
            raise UnreachableError(f"{name} of {issuer.name} is not asked: {error}.") from error
    found = document.get(_DISCOVERED[name])
    if found is None and name not in _NEEDED:
        return ""
    return documents.check_same_reach(address, str(found), issuer.name)
