"""One message in one language, and the two shapes it is sent in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Message:
    """Texts in which `{code}` and `{username}` stand for what Cognito puts in. `body` has one line a paragraph."""

    sms: str
    subject: str
    body: tuple[str, ...]

    def as_sms(self, fields: Mapping[str, str]) -> str:
        """The SMS. Raises KeyError if the message wants a field that is not given."""
        return self.sms.format_map(fields)

    def as_html(self, language: str, fields: Mapping[str, str]) -> str:
        """The e-mail: a page of paragraphs, those that hold a field in large type. Raises KeyError as `as_sms`."""
        safe = {name: escape(value) for name, value in fields.items()}
        lines = "\n".join(f"<p{LARGE if '{' in line else ''}>{line.format_map(safe)}</p>" for line in self.body)
        return PAGE.format(language=language, lines=lines)


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
