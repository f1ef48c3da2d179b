"""The managed login style that is there before anybody makes one, in the words of AWS's settings document.

It has the settings that the pages here follow, and no others. Colours are `rrggbbaa`, lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _modes(light: Mapping[str, Any], dark: Mapping[str, Any]) -> dict[str, Any]:
    return {"lightMode": light, "darkMode": dark}


def _button(background: str, text: str, border: str = "") -> dict[str, str]:
    return {"backgroundColor": background, "textColor": text} | ({"borderColor": border} if border else {})


_INK, _PAPER = "16191fff", "ffffffff"
_NIGHT, _MIST = "0f1b2aff", "d1d5dbff"
_BLUE, _SKY = "0a5fb4ff", "7db8f0ff"
_DEEP_BLUE, _PALE_SKY = "053b73ff", "a9d0f5ff"

DEFAULTS: Mapping[str, Any] = {
    "categories": {"global": {"colorSchemeMode": "DYNAMIC"}},
    "componentClasses": {
        "buttons": {"borderRadius": 8},
        "divider": _modes({"borderColor": "dfe3e8ff"}, {"borderColor": "2c3846ff"}),
        "focusState": _modes({"borderColor": _BLUE}, {"borderColor": _SKY}),
        "input": {
            "borderRadius": 8,
            **_modes(
                {"defaults": {"backgroundColor": _PAPER, "borderColor": "6b7684ff"}},
                {"defaults": {"backgroundColor": _NIGHT, "borderColor": "8793a3ff"}},
            ),
        },
        "inputDescription": _modes({"textColor": "545d69ff"}, {"textColor": "a5b0bdff"}),
        "inputLabel": _modes({"textColor": _INK}, {"textColor": _MIST}),
        "link": _modes(
            {"defaults": {"textColor": _BLUE}, "hover": {"textColor": _DEEP_BLUE}},
            {"defaults": {"textColor": _SKY}, "hover": {"textColor": _PALE_SKY}},
        ),
        "optionControls": _modes(
            {"selected": {"backgroundColor": _BLUE, "foregroundColor": _PAPER}},
            {"selected": {"backgroundColor": _SKY, "foregroundColor": _NIGHT}},
        ),
    },
    "components": {
        "alert": {
            "borderRadius": 8,
            **_modes(
                {"error": {"backgroundColor": "fff5f5ff", "borderColor": "c81e1eff"}},
                {"error": {"backgroundColor": "2a0f12ff", "borderColor": "f08080ff"}},
            ),
        },
        "form": {
            "borderRadius": 12,
            "logo": {"enabled": False},
            **_modes(
                {"backgroundColor": _PAPER, "borderColor": "d5dae1ff"},
                {"backgroundColor": _NIGHT, "borderColor": "3a4756ff"},
            ),
        },
        "idpButton": {
            "standard": _modes(
                {
                    "defaults": _button(_PAPER, "3b4450ff", "6b7684ff"),
                    "hover": _button("eef4faff", _DEEP_BLUE, _DEEP_BLUE),
                },
                {"defaults": _button(_NIGHT, _MIST, "8793a3ff"), "hover": _button("1d2b3cff", _PALE_SKY, _PALE_SKY)},
            )
        },
        "pageBackground": {
            "image": {"enabled": False},
            **_modes({"color": "f3f5f8ff"}, {"color": "08111cff"}),
        },
        "pageHeader": {"logo": {"enabled": False}},
        "pageText": _modes(
            {"bodyColor": "3b4450ff", "descriptionColor": "545d69ff", "headingColor": _INK},
            {"bodyColor": "b9c2cdff", "descriptionColor": "a5b0bdff", "headingColor": "eef1f5ff"},
        ),
        "primaryButton": _modes(
            {"defaults": _button(_BLUE, _PAPER), "hover": _button(_DEEP_BLUE, _PAPER)},
            {"defaults": _button(_SKY, _NIGHT), "hover": _button(_PALE_SKY, _NIGHT)},
        ),
        "secondaryButton": _modes(
            {"defaults": _button(_PAPER, _BLUE, _BLUE), "hover": _button("eef4faff", _DEEP_BLUE, _DEEP_BLUE)},
            {"defaults": _button(_NIGHT, _SKY, _SKY), "hover": _button("1d2b3cff", _PALE_SKY, _PALE_SKY)},
        ),
    },
}
