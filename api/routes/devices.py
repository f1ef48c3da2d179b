"""`/me/devices`: the devices that the user pool tracks for the caller."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from api import devices, step_up, store
from api.caller import Caller
from api.errors import ApiError

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/me/devices")
def read() -> dict[str, list[dict[str, Any]]]:
    """All devices."""
    caller: Caller = router.context["caller"]
    return {"devices": devices.list_devices(caller.username)}


@router.delete("/me/devices/<key>")
def forget(key: str) -> Response[str]:
    """Forget one device, for a new sign-in. 404 if it is not the caller's; its line in the register goes either way."""
    caller: Caller = router.context["caller"]
    step_up.demand(caller)
    # Attack: another user's key. The pool looks it up under the caller's name, the register under the caller's sub.
    if not devices.KEY.fullmatch(key):
        raise _not_found()
    forgotten = devices.forget_device(caller.username, key)
    store.unregister_device(caller.sub, key)
    if not forgotten:
        raise _not_found()
    return Response(status_code=204)


def _not_found() -> ApiError:
    return ApiError(404, "not_found", "there is no such device")
