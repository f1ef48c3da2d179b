"""A guest becomes a user: what the guest stored is the user's from then on.

the identity map knows no identity of the user ──► the guest's becomes the user's; nothing has to move
it has one, or nobody knows ──► files and items move to it, and the guest's stays behind, empty
"""

from __future__ import annotations

import logging

from auth.credentials import Identity
from auth.errors import AuthError, NotAuthorized
from auth.moving import Home, Moved, Progress, move, no_progress

_log = logging.getLogger(__name__)


def adopt(guest: Identity, user: Identity, *, progress: Progress = no_progress) -> Moved:
    """Make a guest's files and items the user's, and say what had to move. Stopped anywhere, do it again.

    Nothing may write as the guest meanwhile. Afterwards, forget the guest's id if it is the user's now
    (`user.identity_id`); else it may serve the next time that nobody is signed in. `progress(step)` is called after
    each copy and each deletion. Raises NotAuthorized if the guest's identity is another user's, or was merged by
    somebody else, or the pool lets no guest in.

    Attack: taking what is another's by naming its id. The guest's data is read with the guest's own keys and written
    with the user's own, so IAM decides on both ends, and no server with more rights is asked to help.
    """
    guest_session = guest.session()
    source = Home.of(guest.identity_id, guest_session, guest.settings)
    try:
        guest_session.get_credentials().get_frozen_credentials()  # type: ignore[union-attr] # while it is a guest's
    except NotAuthorized as error:
        if user.identity_id == guest.identity_id:
            return Moved()  # linked by an earlier run
        raise NotAuthorized(str(error), code=error.code, hint="see `gatehouse identities move`") from error
    # Linked though it has an identity, the user keeps that one and the guest's is disabled. So the keys come first:
    # they live on for an hour, which is time to move after all.
    if _is_new(user) and user.link(source.identity_id) == source.identity_id:
        return Moved()
    return move(source, Home.of(user.identity_id, user.session(), user.settings), progress=progress)


def _is_new(user: Identity) -> bool:
    """Whether the user is known to have no identity. Moving does no harm, and linking might: in doubt, no."""
    try:
        return user.is_new
    except AuthError as error:
        _log.warning("the identity map was not asked, so the guest's files and items are moved: %s", error)
        return False
