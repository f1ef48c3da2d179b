"""The page on which somebody says who they are: two people to choose from, or any other."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from localcloud.stand_ins.models import Answer, Person, StandInError, StandInRequest

PEOPLE = (Person("ada@example.com", "Ada Example"), Person("bob@example.com", "Bob Example"))


def ask(request: StandInRequest, provider: str, kept: Mapping[str, str]) -> Answer:
    """The page of a provider; `kept` comes back with the choice, as hidden values."""
    page = _template("choose.html").render(
        provider=provider, people=PEOPLE, kept=kept, style=f"{request.base}/style.css", action=request.path
    )
    return Answer(body=page.encode())


def chosen(request: StandInRequest) -> Person:
    """Who was chosen. Raises StandInError."""
    form = request.form
    email, name = form.get("email", "").strip(), form.get("name", "").strip()
    if not email or len(email) > 254 or len(name) > 200 or not email.isprintable() or not name.isprintable():
        raise StandInError("an e-mail address is needed")
    return Person(email, name or email.partition("@")[0], form.get("email_verified") == "true")


def sent_on(location: str, fields: Mapping[str, str]) -> Answer:
    """A page whose form takes the answer to the app by POST, at once where scripts run, else by a button."""
    page = _template("send.html").render(location=location, fields=fields, script="send.js")
    return Answer(body=page.encode())


def asset(name: str) -> Answer:
    """The stylesheet or the script of the pages. Raises StandInError."""
    types = {"style.css": "text/css; charset=utf-8", "send.js": "text/javascript; charset=utf-8"}
    if name not in types:
        raise StandInError("no such page", status=404)
    return Answer(body=(files(__package__) / "templates" / name).read_bytes(), content_type=types[name])


@functools.cache
def _template(name: str) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("localcloud.stand_ins", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)
