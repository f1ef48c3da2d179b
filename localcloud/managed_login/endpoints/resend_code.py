"""`/resendcode`: another code for an account that is not confirmed yet."""

from __future__ import annotations

import dataclasses

from localcloud.errors import AwsError
from localcloud.managed_login import browser
from localcloud.managed_login.endpoints import confirm
from localcloud.managed_login.pages import calls, carried, render, sign_in
from localcloud.managed_login.pages.carried import Carried
from localcloud.managed_login.pages.messages import message_of
from localcloud.managed_login.request import Answer, LoginRequest, redirect


def post(request: LoginRequest) -> Answer:
    """Send it, and go back to where it is entered."""
    browser.check_form(request)
    wanted, left = sign_in.by_own_user(request), carried.read(request)
    username, destination = request.form.get("username", "").strip(), ""
    try:
        answered = calls.call(request, wanted.client, "ResendConfirmationCode", username)
        destination = answered["CodeDeliveryDetails"]["Destination"]
    except AwsError as error:
        message = message_of(error)
        # Attack: asking who is a confirmed user already. Where users are hidden, the page says what it says to all.
        if not (wanted.client.hides_users and message.key == "already_confirmed"):
            return confirm.show(request, username, message)
    same = left if left.username == username else Carried(username)
    # Where users are hidden, not even the address is told: a confirmed user has none that a code was sent to.
    shown = "" if wanted.client.hides_users else destination
    told = dataclasses.replace(same, destination=same.destination or shown, notice="code_sent_again")
    return redirect(render.link(request, "/confirm"), carried.cookie(request, told))
