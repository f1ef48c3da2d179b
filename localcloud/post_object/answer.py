"""What a browser is told after its upload: nothing, the object as XML, or where to go next."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from localcloud.post_object.form import Form
from localcloud.wire.http import HttpResponse
from localcloud.wire.protocol import xml_document

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
        return HttpResponse(201, xml_document("PostResponse", about), {**headers, "content-type": "application/xml"})
    return HttpResponse(200 if form.fields.get("success_action_status") == "200" else 204, b"", headers)
