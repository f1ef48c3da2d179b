"""`/me`: the caller's profile."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from api import store
from api.body import read_object
from api.caller import Caller
from api.fields import read_changes

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/me")
def read() -> dict[str, str]:
    """The profile."""
    caller: Caller = router.context["caller"]
    return store.read_profile(caller.sub)


@router.patch("/me")
def change() -> dict[str, str]:
    """Change fields of the profile (null clears one) and answer the whole."""
    caller: Caller = router.context["caller"]
    return store.change_profile(caller.sub, read_changes(read_object(router.current_event.raw_event)))
