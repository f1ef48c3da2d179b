"""Post confirmation: makes the profile item of a new user, once, and tells of a password that was reset."""

from __future__ import annotations

from triggers import notices, profile
from triggers.trigger import Event, logger, trigger


@trigger("PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword")
def handler(event: Event) -> None:
    """Give a user who confirmed the sign-up a profile; tell one who has a new password by a code."""
    if event["triggerSource"] == "PostConfirmation_ConfirmSignUp":
        # Attack: attributes and client metadata are the user's own words; only the sub is taken from the event.
        made = profile.create(event["request"]["userAttributes"]["sub"])
        logger.info("profile made" if made else "profile was there")
    else:
        notices.tell(event, notices.PASSWORD_RESET)
