"""E-mail domains: the one spelling by which they are compared, and the lists of them in a function's environment."""

from __future__ import annotations

from collections.abc import Mapping


def domain_of(address: str) -> str | None:
    """The domain of an address in lower-case ASCII; None if it is not one plain address."""
    # Attack: in `a@evil.example@good.example` one reader takes the first domain, the next one the last.
    local, at, domain = address.partition("@")
    return _ascii(domain) if local and at and "@" not in domain else None


def read_list(setting: str) -> frozenset[str]:
    """The domains of a comma-separated setting; what has no safe spelling is left out."""
    return frozenset(name for part in setting.split(",") if (name := _ascii(part.strip())))


def read_table(setting: str) -> Mapping[str, frozenset[str]]:
    """The domains of each provider, from `Google=gmail.com,googlemail.com Corp=corp.example`."""
    pairs = (entry.partition("=") for entry in setting.split())
    return {provider: read_list(domains) for provider, _, domains in pairs}


def _ascii(domain: str) -> str | None:
    """The one spelling by which domains are compared, lower-case ASCII (RFC 5890 A-labels); None if it has none."""
    if domain.isascii():
        return domain.lower() or None
    try:
        name = domain.encode("idna").decode("ascii").lower()
        faithful = name.encode("ascii").decode("idna") == domain.lower()
    except UnicodeError:
        return None
    # Attack: this codec (IDNA 2003) turns `straße.example` into `strasse.example`, but mail goes to another host
    # (IDNA 2008) that a stranger may own. A name that does not come back as it went in has no safe spelling.
    return name if faithful else None
