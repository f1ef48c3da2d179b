"""Cognito identity pools: from a login, or none, to one identity, and from there to credentials of a role.

Owns identities and their logins, the check of login tokens, the choice of the role and the question whether it trusts
the pool. Does not own the tokens (`userpool`), the decision on a trust policy (`iam`), or the credentials' life
(`credentials`).

An identity:

    GetId without login ─► guest ──── a login that has no identity yet ────► user ◄─── GetId with a new login
                             │                                                │
                             └─ a login that has one: merged into it          └─ its last login is unlinked
                                                     ▼                                   ▼
                                                     └─────────► disabled ◄──────────────┘
"""
