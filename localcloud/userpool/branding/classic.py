"""Branding of the classic pages: CSS and a logo, of one app client or of all that have none of their own.

Source: API reference, `SetUICustomization`, `GetUICustomization`; Cognito developer guide, "Customizing hosted UI
(classic) branding".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.branding import classic_css, images
from localcloud.userpool.branding.images import Image
from localcloud.userpool.configuration import domains
from localcloud.userpool.providers.federation_state import UiCustomization

ALL = "ALL"
"""The `ClientId` of what counts for the whole pool."""

_LOGOS = ("PNG", "JPEG")
_MOST_BYTES = 100 * 1024


def require_domain(ctx: Context, pool_id: str) -> None:
    """Raise InvalidParameterException where there are no pages to look at."""
    if domains.of_pool(ctx, pool_id) is None:
        raise AwsError("InvalidParameterException", "There has to be an existing domain associated with this user pool")


def find(ctx: Context, pool_id: str, client_id: str) -> UiCustomization | None:
    """What counts for a client: its own, or the pool's."""
    own = ctx.store.get(UiCustomization, pool_id, client_id)
    return own or ctx.store.get(UiCustomization, pool_id, ALL)


def of_request(ctx: Context, pool_id: str, client_id: str, css: str, image: str) -> UiCustomization:
    """What SetUICustomization asks for, in place of what was there. Raises InvalidParameterException."""
    classic_css.parse(css)
    if image:
        images.check("ImageFile", image, _LOGOS, _MOST_BYTES)
    before = ctx.store.get(UiCustomization, pool_id, client_id)
    return UiCustomization(
        pool_id=pool_id,
        client_id=client_id,
        css=css,
        css_version=datetime.fromtimestamp(ctx.now, UTC).strftime("%Y%m%d%H%M%S"),
        image=image,
        created=before.created if before else ctx.now,
        modified=ctx.now,
    )


def logo(kept: UiCustomization) -> Image:
    """The logo of a customization that has one."""
    return images.image(kept.image, images.extension_of(kept.image, _LOGOS))


def describe(kept: UiCustomization) -> dict[str, Any]:
    """A `UICustomizationType`. The image's URL is the image itself: nothing else here keeps it at an address."""
    optional = {
        "CSS": kept.css,
        "ImageUrl": f"data:{logo(kept).content_type};base64,{kept.image}" if kept.image else "",
    }
    return {
        "UserPoolId": kept.pool_id,
        "ClientId": kept.client_id,
        **{name: value for name, value in optional.items() if value},
        "CSSVersion": kept.css_version,
        "CreationDate": kept.created,
        "LastModifiedDate": kept.modified,
    }
