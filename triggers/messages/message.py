"""One mail or message in one language, and the shapes it is sent in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Mail:
    """Texts in which `{code}`, `{username}`, `{link}` and `{when}` stand for what is put in. A line is a paragraph."""

    subject: str
    body: tuple[str, ...]

    def as_html(self, language: str, fields: Mapping[str, str]) -> str:
        """The e-mail: a page of paragraphs, those that hold a field in large type.

        Raises KeyError if it wants a field that is not given.
        """
        safe = {name: escape(value) for name, value in fields.items()}
        if "link" in safe:
            safe["link"] = f'<a href="{safe["link"]}">{safe["link"]}</a>'
        lines = "\n".join(f"<p{LARGE if '{' in line else ''}>{line.format_map(safe)}</p>" for line in self.body)
        return PAGE.format(language=language, lines=lines)


@dataclass(frozen=True, slots=True)
class Message(Mail):
    """A mail that Cognito sends, and the text message in its place."""

    sms: str

    def as_sms(self, fields: Mapping[str, str]) -> str:
        """The SMS. Raises KeyError as `as_html`."""
        return self.sms.format_map(fields)


LARGE = ' style="font-size:22px;font-weight:bold;overflow-wrap:anywhere"'
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body style="max-width:480px;margin:0 auto;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.6">
{lines}
</body>
</html>
"""
