"""A company's SAML identity provider: metadata, sign-in by redirect or POST, single logout. Loads lxml and signxml."""

from __future__ import annotations

import base64
import binascii
import zlib
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from localcloud.stand_ins import addresses, certificates, keys, page, saml_documents
from localcloud.stand_ins.models import Answer, ServiceProvider, StandInError, StandInRequest

_MAX = 100_000
_SIGNATURE = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def answer(request: StandInRequest) -> Answer:
    """Serve one request. Raises StandInError."""
    name = request.path.rsplit("/", 1)[-1]
    if name == "metadata":
        document = saml_documents.metadata(request.base, certificates.find(request.cloud, "saml"))
        return Answer(body=document, content_type="application/samlmetadata+xml")
    if name == "sso":
        return _sign_in(request)
    if name == "slo":
        return _sign_out(request)
    return page.asset(name)


def _sign_in(request: StandInRequest) -> Answer:
    """The page for an AuthnRequest, whichever way it comes, and the response to the choice that is posted from it."""
    given = request.form or request.query
    asked = _read(given.get("SAMLRequest", ""), deflated=request.method == "GET")
    if saml_documents.local_name(asked) != "AuthnRequest":
        raise StandInError("SAMLRequest is no AuthnRequest")
    consumer = addresses.checked(asked.get("AssertionConsumerServiceURL", ""))
    if "email" not in request.form:
        kept = {"SAMLRequest": base64.b64encode(etree.tostring(asked)).decode()}
        return page.ask(request, "Company", kept | _relay_state(given.get("RelayState")))
    issuer = saml_documents.issuer_of(asked)
    request.cloud.store.put(ServiceProvider(issuer, consumer))
    response = saml_documents.response(
        base=request.base,
        person=page.chosen(request),
        audience=issuer,
        consumer=consumer,
        in_response_to=asked.get("ID", ""),
        now=request.cloud.clock.now(),
        key=keys.find(request.cloud, "saml").private,
        certificate=certificates.find(request.cloud, "saml"),
    )
    fields = {"SAMLResponse": base64.b64encode(response).decode(), **_relay_state(given.get("RelayState"))}
    return page.sent_on(consumer, fields)


def _sign_out(request: StandInRequest) -> Answer:
    """Nobody stays signed in here, so a LogoutRequest is simply answered: signed, by redirect."""
    given = request.form or request.query
    asked = _read(given.get("SAMLRequest", ""), deflated=request.method == "GET")
    if saml_documents.local_name(asked) != "LogoutRequest":
        raise StandInError("SAMLRequest is no LogoutRequest")
    known = request.cloud.store.get(ServiceProvider, saml_documents.issuer_of(asked))
    if known is None:
        raise StandInError("nobody has signed in to this app here")
    place = f"{known.consumer.rpartition('/')[0]}/logout"
    response = saml_documents.logout_response(request.base, place, asked.get("ID", ""), request.cloud.clock.now())
    compressor = zlib.compressobj(wbits=-15)
    deflated = compressor.compress(response) + compressor.flush()
    query = {"SAMLResponse": base64.b64encode(deflated).decode(), **_relay_state(given.get("RelayState"))}
    signed = urlencode({**query, "SigAlg": _SIGNATURE})
    key = keys.find(request.cloud, "saml").private
    signature = base64.b64encode(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    return Answer(303, location=f"{place}?{signed}&{urlencode({'Signature': signature})}")


def _read(encoded: str, *, deflated: bool) -> etree._Element:
    """A request as it comes; its signature is not looked at, since it can ask for nothing that anybody might not."""
    try:
        document = base64.b64decode(encoded, validate=True)
        if deflated:
            document = zlib.decompressobj(wbits=-15).decompress(document, _MAX)
        return saml_documents.parse(document)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise StandInError("SAMLRequest cannot be read") from error


def _relay_state(value: str | None) -> dict[str, str]:
    return {} if value is None else {"RelayState": value}
