"""Cognito identity pools: from a login, or none, to one identity, and from there to credentials of a role.

Owns identities and their logins, the choice of the role, the tags of its session, and the pools' own tokens. Does not
own the check of other providers' tokens (`federation`, `userpool`), the question whether a role trusts the pool
(`assume_role`), or the credentials' life (`credentials`).

An identity; a login is a provider's user, or one whom the app's backend vouches for:

    GetId without login ─► guest ──── a login that has no identity yet ────► user ◄─── GetId with a new login
                             │                                                │
                             └─ a login that has one: merged into it          └─ its last login is unlinked
                                                     ▼                                   ▼
                                                     └─────────► disabled ◄──────────────┘

The way to a role:

    enhanced   logins ► identity ► role_mapping, principal_tags ► assume_role     (a guest's session is scoped down)
    classic    logins ► identity ► openid_tokens ─► STS, with a role of the client's choice; only where a pool allows it
"""
