"""ID, access and refresh tokens: issued at the end of a sign-in, renewed, checked, revoked."""

from __future__ import annotations

from localcloud.userpool.tokens.checking import is_live, verify_access, verify_live
from localcloud.userpool.tokens.contents import groups_of
from localcloud.userpool.tokens.issuing import Grant, issue, renew
from localcloud.userpool.tokens.revoking import revoke, revoke_all, revoke_sign_in
from localcloud.userpool.tokens.rotation import names_behind

__all__ = [
    "Grant",
    "groups_of",
    "is_live",
    "issue",
    "names_behind",
    "renew",
    "revoke",
    "revoke_all",
    "revoke_sign_in",
    "verify_access",
    "verify_live",
]
