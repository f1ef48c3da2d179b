"""`/identity`: which identity of the identity pool the caller is, kept for whoever has only one of the two ids."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from api import identity_map
from api.body import read_object
from api.caller import Caller
from api.errors import ApiError
from api.identity_pool import prove_identity

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/identity")
def read() -> dict[str, list[dict[str, str]]]:
    """The caller's identities, the current one first: an identity that was merged or deleted leaves another behind."""
    caller: Caller = router.context["caller"]
    return {"identities": identity_map.list_identities(caller.sub)}


@router.put("/identity")
def enter() -> dict[str, str]:
    """Enter the caller's identity into the map; the body is `{"id_token": "…"}`. Any number of times."""
    caller: Caller = router.context["caller"]
    identity_id = prove_identity(_read_id_token(read_object(router.current_event.raw_event)), caller.sub)
    identity_map.enter(caller.sub, identity_id)
    return {"identity_id": identity_id}


def _read_id_token(body: dict[str, object]) -> str:
    for name in body:
        if name != "id_token":
            raise ApiError(400, "unknown_field", f"there is no field {name[:64]!r}")
    token = body["id_token"]
    if not isinstance(token, str):
        raise ApiError(400, "invalid_field", "id_token must be a string")
    return token
