"""A user pool's domain: its OAuth 2.0 and OpenID Connect endpoints, and the pages that people sign in on.

Owns authorization requests, codes, the browser's session and what a page shows. Does not own the sign-in itself
(`userpool/sign_in.py`), users of other providers (`userpool/federated_users.py`) or the way to a provider and back
(`relying_party`).

    door.py ─► endpoints/<path>.py ─► authorization.py ─► codes.py ─► grants/<grant_type>.py ─► userpool/tokens.py
                     │                      ▲
                     ├─► pages/             │
                     └─► relying_party ─► userpool/federated_users.py

States of one authorization:

    /oauth2/authorize ─► /login (password, challenges) ───────────────┐
            │                                                         ├─► code ─► /oauth2/token ─► tokens
            └─► provider ─► /oauth2/idpresponse, /saml2/idpresponse ──┘
"""
