"""Form fields of user attributes and usernames: what a browser, a keyboard and a password manager want to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from localcloud.userpool.models import UserPool

ATTRIBUTE = "userAttributes."
"""How a form names an attribute: as NEW_PASSWORD_REQUIRED does."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `label` and `hint` are keys of texts; an attribute without a text is labelled by its own `title`."""

    name: str
    label: str
    type: str = "text"
    autocomplete: str = "off"
    inputmode: str = "text"
    hint: str = ""
    title: str = ""
    value: str = ""
    required: bool = True


_ATTRIBUTES: Mapping[str, tuple[str, str, str]] = {
    "address": ("text", "street-address", "text"),
    "birthdate": ("date", "bday", "text"),
    "email": ("email", "email", "email"),
    "family_name": ("text", "family-name", "text"),
    "gender": ("text", "sex", "text"),
    "given_name": ("text", "given-name", "text"),
    "locale": ("text", "language", "text"),
    "middle_name": ("text", "additional-name", "text"),
    "name": ("text", "name", "text"),
    "nickname": ("text", "nickname", "text"),
    "phone_number": ("tel", "tel", "tel"),
    "picture": ("url", "photo", "url"),
    "preferred_username": ("text", "nickname", "text"),
    "profile": ("url", "url", "url"),
    "website": ("url", "url", "url"),
    "zoneinfo": ("text", "off", "text"),
}
"""Attribute → type, autocomplete (HTML standard, "Autofill"), inputmode."""

_TEXT = ("text", "off", "text")


def username(pool: UserPool, *, new: bool = False) -> Field:
    """The field that a user is named in: at sign-in by any name it has, at sign-up by what the pool is named by."""
    kinds = pool.username_attributes
    names = list(kinds or ["username"])
    if not new:
        names += [name for name in pool.alias_attributes if name != "preferred_username"]
    label = "username_is_" + "_or_".join(sorted(names, key=_NAMES.index))
    inputmode = _ATTRIBUTES[kinds[0]][2] if len(kinds) == 1 else "text"
    hint = "phone_number_hint" if "phone_number" in kinds else ""
    return Field("username", label, autocomplete="username", inputmode=inputmode, hint=hint)


_NAMES = ("username", "email", "phone_number")


def attribute(name: str, value: str = "", *, required: bool = True) -> Field:
    """The field of an attribute."""
    kind, autocomplete, inputmode = _ATTRIBUTES.get(name, _TEXT)
    known = name in _ATTRIBUTES
    return Field(
        name=ATTRIBUTE + name,
        label=f"attribute_{name}" if known else "",
        type=kind,
        autocomplete=autocomplete,
        inputmode=inputmode,
        hint="phone_number_hint" if name == "phone_number" else "",
        title=name.removeprefix("custom:"),
        value=value,
        required=required,
    )


def of_sign_up(pool: UserPool, given: Mapping[str, str]) -> list[Field]:
    """What a new user is asked besides its username and password: what the pool requires, and an address for the code.

    `given` are the values that were typed before.
    """
    named_by = pool.username_attributes
    required = [name for name in required_attributes(pool) if [name] != named_by]
    verified = list(pool.config.get("AutoVerifiedAttributes") or ())
    if verified and not set(verified) & {*required, *named_by}:
        required.append("email" if "email" in verified else verified[0])
    # An address that may be the username has its field above already; which of them it is, the user decides.
    return [attribute(name, given.get(name, ""), required=name not in named_by) for name in required]


def required_attributes(pool: UserPool) -> Iterable[str]:
    """The attributes that the pool's schema requires of each user."""
    schema = pool.config.get("SchemaAttributes") or ()
    return [entry["Name"] for entry in schema if entry.get("Required") and entry["Name"] != "sub"]


def attributes_in(form: Mapping[str, str]) -> dict[str, str]:
    """The attributes that were typed into a form; an empty field is none."""
    named = {name.removeprefix(ATTRIBUTE): value.strip() for name, value in form.items() if name.startswith(ATTRIBUTE)}
    return {name: value for name, value in named.items() if value}


def password_rules(pool: UserPool) -> list[tuple[str, Mapping[str, object]]]:
    """The pool's password policy as texts by their keys, with the values in them."""
    policy = pool.password_policy
    rules: list[tuple[str, Mapping[str, object]]] = [("rule_length", {"length": policy.get("MinimumLength", 8)})]
    for setting, key in (
        ("RequireUppercase", "rule_uppercase"),
        ("RequireLowercase", "rule_lowercase"),
        ("RequireNumbers", "rule_number"),
        ("RequireSymbols", "rule_symbol"),
    ):
        if policy.get(setting):
            rules.append((key, {}))
    return rules
