"""Which setting of a style becomes which custom property of the pages' CSS: for managed login, and for classic CSS."""

from __future__ import annotations

from collections.abc import Mapping

COLOURS: Mapping[str, str] = {
    "primary": "components.primaryButton.MODE.defaults.backgroundColor",
    "primary-text": "components.primaryButton.MODE.defaults.textColor",
    "primary-hover": "components.primaryButton.MODE.hover.backgroundColor",
    "primary-hover-text": "components.primaryButton.MODE.hover.textColor",
    "secondary": "components.secondaryButton.MODE.defaults.backgroundColor",
    "secondary-text": "components.secondaryButton.MODE.defaults.textColor",
    "secondary-border": "components.secondaryButton.MODE.defaults.borderColor",
    "secondary-hover": "components.secondaryButton.MODE.hover.backgroundColor",
    "secondary-hover-text": "components.secondaryButton.MODE.hover.textColor",
    "secondary-hover-border": "components.secondaryButton.MODE.hover.borderColor",
    "provider": "components.idpButton.standard.MODE.defaults.backgroundColor",
    "provider-text": "components.idpButton.standard.MODE.defaults.textColor",
    "provider-border": "components.idpButton.standard.MODE.defaults.borderColor",
    "provider-hover": "components.idpButton.standard.MODE.hover.backgroundColor",
    "provider-hover-text": "components.idpButton.standard.MODE.hover.textColor",
    "provider-hover-border": "components.idpButton.standard.MODE.hover.borderColor",
    "page": "components.pageBackground.MODE.color",
    "form": "components.form.MODE.backgroundColor",
    "form-border": "components.form.MODE.borderColor",
    "heading": "components.pageText.MODE.headingColor",
    "text": "components.pageText.MODE.bodyColor",
    "description": "components.pageText.MODE.descriptionColor",
    "label": "componentClasses.inputLabel.MODE.textColor",
    "hint": "componentClasses.inputDescription.MODE.textColor",
    "input": "componentClasses.input.MODE.defaults.backgroundColor",
    "input-border": "componentClasses.input.MODE.defaults.borderColor",
    "selected": "componentClasses.optionControls.MODE.selected.backgroundColor",
    "selected-mark": "componentClasses.optionControls.MODE.selected.foregroundColor",
    "link": "componentClasses.link.MODE.defaults.textColor",
    "link-hover": "componentClasses.link.MODE.hover.textColor",
    "focus": "componentClasses.focusState.MODE.borderColor",
    "divider": "componentClasses.divider.MODE.borderColor",
    "error": "components.alert.MODE.error.backgroundColor",
    "error-border": "components.alert.MODE.error.borderColor",
}
"""Custom property → setting; `MODE` stands for `lightMode` and `darkMode`."""

LENGTHS: Mapping[str, str] = {
    "button-radius": "componentClasses.buttons.borderRadius",
    "input-radius": "componentClasses.input.borderRadius",
    "form-radius": "components.form.borderRadius",
    "alert-radius": "components.alert.borderRadius",
}
"""Custom property → setting in pixels, of both modes."""

IMAGES: Mapping[str, tuple[str, str]] = {
    "logo": ("FORM_LOGO", "components.form.logo.enabled"),
    "header-logo": ("PAGE_HEADER_LOGO", "components.pageHeader.logo.enabled"),
    "background": ("PAGE_BACKGROUND", "components.pageBackground.image.enabled"),
}
"""Image → category of its asset, and the setting that shows it."""

CLASSIC: Mapping[str, tuple[str, str]] = {
    "primary": ("submitButton-customizable", "background-color"),
    "primary-text": ("submitButton-customizable", "color"),
    "primary-hover": ("submitButton-customizable:hover", "background-color"),
    "primary-hover-text": ("submitButton-customizable:hover", "color"),
    "provider": ("idpButton-customizable", "background-color"),
    "provider-text": ("idpButton-customizable", "color"),
    "provider-border": ("idpButton-customizable", "border-color"),
    "provider-hover": ("idpButton-customizable:hover", "background-color"),
    "provider-hover-text": ("idpButton-customizable:hover", "color"),
    "form": ("background-customizable", "background-color"),
    "banner": ("banner-customizable", "background-color"),
    "label": ("label-customizable", "color"),
    "text": ("textDescription-customizable", "color"),
    "description": ("legalText-customizable", "color"),
    "input": ("inputField-customizable", "background-color"),
    "input-text": ("inputField-customizable", "color"),
    "focus": ("inputField-customizable:focus", "border-color"),
    "link": ("redirect-customizable", "color"),
    "error": ("errorMessage-customizable", "background"),
    "error-text": ("errorMessage-customizable", "color"),
}
"""Custom property → class and property of classic CSS."""
