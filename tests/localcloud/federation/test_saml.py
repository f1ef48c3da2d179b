"""What a good SAML response gives: identity, condition keys (rule 50), role, session name, duration and tags."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Sequence

import pytest

from localcloud.context import Context
from localcloud.federation import saml
from localcloud.federation.saml import SamlPrincipal
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import (
    CERTIFICATE,
    ENDPOINT,
    ENTITY,
    OTHER_CERTIFICATE,
    PROVIDER,
    ROLE,
    attributes,
    certificate,
    encoded,
    metadata,
    sign,
    signed_response,
    time_at,
    with_signed_assertion,
)
from tests.localcloud.federation.saml_verdicts import refusal, register, verify
from tests.localcloud.federation.stand_in import EC, OTHER_RSA


@pytest.fixture(autouse=True)
def _provider(ctx: Context) -> None:
    register(ctx)


def said(ctx: Context, **more: str | Sequence[str]) -> SamlPrincipal:
    """What a response with more of AWS's own attributes gives; `_` in a name stands for `:`."""
    return verify(ctx, signed_response(NOW, attributes({name.replace("_", ":"): more[name] for name in more})))


def test_a_signed_assertion_proves_its_subject(ctx: Context) -> None:
    found = verify(ctx, signed_response(NOW))
    digest = hashlib.sha1(f"{ENTITY}000000000000/example".encode()).digest()
    qualifier = base64.b64encode(digest).decode()
    assert found == SamlPrincipal(
        provider=PROVIDER,
        context={
            "SAML:aud": ENDPOINT,
            "SAML:iss": ENTITY,
            "SAML:sub": "user-ada",
            "SAML:sub_type": "persistent",
            "SAML:namequalifier": qualifier,
            "SAML:doc": "000000000000/example",
        },
        session_context={"SAML:sub": "user-ada", "SAML:sub_type": "persistent", "SAML:namequalifier": qualifier},
        subject="user-ada",
        subject_type="persistent",
        issuer=ENTITY,
        audience=ENDPOINT,
        name_qualifier=qualifier,
        session_name="ada@example.com",
        session_seconds=None,
        tags={},
        transitive_tags=(),
        source_identity="",
    )


def test_the_response_may_be_signed_instead_or_both(ctx: Context) -> None:
    assert verify(ctx, sign(saml_signer.response(NOW))).subject == "user-ada"
    assert verify(ctx, sign(signed_response(NOW))).subject == "user-ada"


def test_keys_of_curves_and_several_certificates_work(ctx: Context) -> None:
    key = EC["ES384"]
    register(ctx, metadata(OTHER_CERTIFICATE, certificate(key)))
    assert verify(ctx, with_signed_assertion(saml_signer.response(NOW), key=key, found=certificate(key)))
    assert verify(ctx, with_signed_assertion(saml_signer.response(NOW), key=OTHER_RSA, found=OTHER_CERTIFICATE))


def test_a_certificate_names_a_key_and_does_not_end(ctx: Context) -> None:
    """IAM user guide: the expiry of certificates in metadata is not looked at."""
    register(ctx, metadata(certificate(days=1)))
    assert verify(ctx, signed_response(NOW))


def test_a_signature_without_its_certificate_is_enough(ctx: Context) -> None:
    assert verify(ctx, with_signed_assertion(saml_signer.response(NOW), found=CERTIFICATE))
    found = with_signed_assertion(saml_signer.response(NOW))
    for info in list(found.iter("{http://www.w3.org/2000/09/xmldsig#}KeyInfo")):
        parent = info.getparent()
        assert parent is not None
        parent.remove(info)
    assert verify(ctx, found)


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ('Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"', "transient"),
        (
            'Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"',
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        ),
        ("", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
    ],
)
def test_rule_50_the_type_of_the_subject(ctx: Context, format_: str, expected: str) -> None:
    assert verify(ctx, signed_response(NOW, format=format_)).context["SAML:sub_type"] == expected


def test_rule_50_attributes_become_keys_some_of_them_lists(ctx: Context) -> None:
    more = {
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.1": ["student", "member"],
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.7": "library",
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.6": "ada@example.com",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": "ada@example.com",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": ["two", "names"],
        "urn:unknown": "x",
    }
    keys = verify(ctx, signed_response(NOW, attributes(more))).context
    assert keys["SAML:eduPersonAffiliation"] == ["student", "member"]
    assert keys["SAML:eduPersonEntitlement"] == ["library"]
    assert keys["SAML:eduPersonPrincipalName"] == "ada@example.com"
    assert keys["SAML:mail"] == "ada@example.com"
    assert not [key for key in keys if key.lower() in ("saml:name", "saml:urn:unknown")]


def test_the_role_has_to_be_offered_together_with_the_provider(ctx: Context) -> None:
    other = "arn:aws:iam::000000000000:saml-provider/other"
    denied = "AccessDenied: Not authorized to perform: sts:AssumeRoleWithSAML"
    assert refusal(ctx, signed_response(NOW), "arn:aws:iam::000000000000:role/admin") == denied
    offered: Sequence[Sequence[str] | str]
    for offered in ([], f"{ROLE},{other}", ROLE, f"{ROLE}-2,{PROVIDER}", [f"admin,{PROVIDER}", f"{ROLE},{other}"]):
        assert refusal(ctx, signed_response(NOW, attributes({"Role": offered}))) == denied
    for offered in (f"{PROVIDER},{ROLE}", f"{ROLE} , {PROVIDER}", [f"admin,{PROVIDER}", f"{ROLE},{PROVIDER}"]):
        assert said(ctx, Role=offered).subject == "user-ada"


@pytest.mark.parametrize("name", ["a", "a b", "x" * 65, "ada/../bob", "", ["ada", "bob"], []])
def test_the_session_name_is_checked(ctx: Context, name: str | Sequence[str]) -> None:
    found = signed_response(NOW, attributes({"RoleSessionName": name}))
    assert refusal(ctx, found).startswith("InvalidIdentityToken: RoleSessionName in AuthnResponse ")


def test_the_session_name_is_required(ctx: Context) -> None:
    only_role = {f"{saml_signer.NAMES}Role": [f"{ROLE},{PROVIDER}"]}
    required = "InvalidIdentityToken: RoleSessionName is required in AuthnResponse"
    assert refusal(ctx, signed_response(NOW, only_role)) == required


def test_the_session_is_as_long_as_the_shorter_limit(ctx: Context) -> None:
    assert said(ctx, SessionDuration="1800").session_seconds == 1800
    until = f'<saml:AuthnStatement AuthnInstant="{time_at(NOW)}" SessionNotOnOrAfter="{time_at(NOW + 900)}"/>'
    assert verify(ctx, signed_response(NOW, authn=until)).session_seconds == 900
    both = signed_response(NOW, attributes({"SessionDuration": "1800"}), authn=until)
    assert verify(ctx, both).session_seconds == 900
    for wrong in ("899", "43201", "-1", "an hour", "1e3"):
        found = signed_response(NOW, attributes({"SessionDuration": wrong}))
        assert refusal(ctx, found).startswith("InvalidIdentityToken: SessionDuration")


def test_tags_and_a_source_identity(ctx: Context) -> None:
    more = {
        "PrincipalTag:Project": "Apollo",
        "PrincipalTag:Cost Center": "12",
        "TransitiveTagKeys": ["Project", "Cost Center"],
        "SourceIdentity": "ada",
    }
    found = verify(ctx, signed_response(NOW, attributes(more)))
    assert found.tags == {"Project": "Apollo", "Cost Center": "12"}
    assert (found.transitive_tags, found.source_identity) == (("Project", "Cost Center"), "ada")


@pytest.mark.parametrize(
    "more",
    [
        {"PrincipalTag:Project": ["a", "b"]},
        {"PrincipalTag:a": "x", "PrincipalTag:A": "y"},
        {"PrincipalTag:a": "*"},
        {"SourceIdentity": "a b"},
    ],
)
def test_tags_that_sts_would_not_take_refuse_the_response(ctx: Context, more: dict[str, str | Sequence[str]]) -> None:
    assert refusal(ctx, signed_response(NOW, attributes(more))).startswith("InvalidIdentityToken: ")


def test_a_region_may_stand_in_the_endpoint(ctx: Context) -> None:
    regional = "https://eu-central-1.signin.aws.amazon.com/saml"
    assert verify(ctx, signed_response(NOW, recipient=regional)).audience == regional


def test_as_a_login_it_gives_the_attributes_as_claims(ctx: Context) -> None:
    found = signed_response(NOW, attributes({"urn:groups": ["a", "b"], "urn:mail": "ada@example.com"}))
    user = saml.verify_login(ctx, PROVIDER, encoded(found))
    assert (user.provider, user.subject, user.audience) == (PROVIDER, "user-ada", ENDPOINT)
    assert user.claims["urn:groups"] == ["a", "b"]
    assert user.claims["urn:mail"] == "ada@example.com"


def test_as_a_login_it_offers_the_roles_of_its_own_provider(ctx: Context) -> None:
    """A response of one provider that names roles of another one offers none of them."""
    other = PROVIDER.replace("example", "other")
    more = {"Role": [f"{ROLE},{PROVIDER}", f"{ROLE}-2,{other}"], "cognito:roles": f"{ROLE}-3"}
    user = saml.verify_login(ctx, PROVIDER, encoded(signed_response(NOW, attributes(more))))
    assert user.claims["cognito:roles"] == [ROLE]


def test_it_may_be_used_again_while_it_is_good(ctx: Context) -> None:
    found = signed_response(NOW)
    assert verify(ctx, found) == verify(ctx, found)


def test_what_only_saml_and_pages_need_is_not_loaded_at_the_start() -> None:
    """Cold start and memory: most clouds never see a SAML response, and many never show a page."""
    modules = "localcloud.server, localcloud.federation.saml, localcloud.identitypool.logins"
    late = ("lxml", "signxml", "cryptography.x509", "jinja2", "segno")
    code = f"import sys, {modules}; sys.exit(not sys.modules.keys().isdisjoint({late}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
