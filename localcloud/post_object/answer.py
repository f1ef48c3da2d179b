"""What a browser is told after its upload: nothing, the object as XML, or where to go next."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from localcloud.http import HttpResponse
from localcloud.post_object.form import Form

# Attack: a line break in the address, to split the answer; or a scheme that runs as a script.
_REDIRECT = re.compile(r"https?://[^/?#\s][\x20-\x7e]*", re.ASCII)
_OF_BODY = ("content-length", "content-type")


def answer(form: Form, written: HttpResponse, endpoint: str) -> HttpResponse:
    """The answer to a form whose object was `written`; `endpoint` is the URL of S3."""
    if written.status >= 300:
        return written
    etag = written.headers.get("etag", "")
    location = f"{endpoint}/{form.bucket}/{quote(form.fields['key'], safe='')}"
    kept = {name: value for name, value in written.headers.items() if name not in _OF_BODY}
    redirect = form.fields.get("success_action_redirect", form.fields.get("redirect", ""))
    if _REDIRECT.fullmatch(redirect):
        query = urlencode({"bucket": form.bucket, "key": form.fields["key"], "etag": etag})
        return HttpResponse(303, b"", {**kept, "location": f"{redirect}{'&' if '?' in redirect else '?'}{query}"})
    headers = {**kept, "location": location}
    if form.fields.get("success_action_status") == "201":
        about = {"Location": location, "Bucket": form.bucket, "Key": form.fields["key"], "ETag": etag}
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in about.items())
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{inner}</PostResponse>'
        return HttpResponse(201, text.encode(), {**headers, "content-type": "application/xml"})
    return HttpResponse(200 if form.fields.get("success_action_status") == "200" else 204, b"", headers)
