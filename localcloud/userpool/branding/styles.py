"""Managed login styles, one of each app client at most: settings as AWS's document, and images.

Source: API reference, `CreateManagedLoginBranding`, `UpdateManagedLoginBranding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.branding import assets
from localcloud.userpool.branding.defaults import DEFAULTS
from localcloud.userpool.providers.federation_state import Branding

_DEEPEST = 32
"""Objects inside each other; AWS's own document has 7."""


def require(ctx: Context, pool_id: str, style_id: str) -> Branding:
    """The style of that id. Raises ResourceNotFoundException."""
    style = ctx.store.get(Branding, pool_id, style_id)
    if style is None:
        raise AwsError("ResourceNotFoundException", "ManagedLoginBranding does not exist.")
    return style


def of_client(ctx: Context, client_id: str) -> Branding | None:
    """The style of an app client, which has one at most."""
    return next(iter(ctx.store.find(Branding, client_id=client_id, limit=1)), None)


def changed(style: Branding, request: Mapping[str, Any], now: float) -> Branding:
    """The style with what a request names in it; the rest stays. Raises InvalidParameterException."""
    settings, wants_defaults = request.get("Settings"), request.get("UseCognitoProvidedValues")
    if settings is not None and wants_defaults:
        raise neither_nor_both()
    _check_depth(settings or {}, 1)
    base = replaced(style, settings={}, assets=[]) if wants_defaults else style
    return replaced(
        base,
        uses_defaults=style.uses_defaults and settings is None if wants_defaults is None else wants_defaults,
        settings=merge(base.settings, settings or {}),
        assets=assets.merged(base.assets, request.get("Assets") or ()),
        modified=now,
    )


def merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Objects member by member; anything else is replaced."""
    merged = dict(old)
    for name, value in new.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = merge(merged[name], value) if both else value
    return merged


def describe(style: Branding, *, with_defaults: bool = False) -> dict[str, Any]:
    """A `ManagedLoginBrandingType`; settings that nobody made are there only `with_defaults`."""
    settings = merge(DEFAULTS, style.settings) if with_defaults else style.settings
    return {
        "ManagedLoginBrandingId": style.id,
        "UserPoolId": style.pool_id,
        "UseCognitoProvidedValues": style.uses_defaults,
        **({"Settings": settings} if settings else {}),
        "Assets": style.assets,
        "CreationDate": style.created,
        "LastModifiedDate": style.modified,
    }


def neither_nor_both() -> AwsError:
    """The one refusal of a style that is somebody's own and Cognito's at once, or neither."""
    message = "useCognitoProvidedValues or settings should be specified (but not both)"
    return AwsError("InvalidParameterException", message)


def _check_depth(value: Any, depth: int) -> None:
    """Attack: a document so deep that whoever walks through it later runs out of stack."""
    if depth > _DEEPEST:
        raise AwsError("InvalidParameterException", f"Settings are nested in more than {_DEEPEST} levels.")
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for part in parts:
        _check_depth(part, depth + 1)
