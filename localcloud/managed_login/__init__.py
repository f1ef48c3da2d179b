"""A user pool's domain: its OAuth 2.0 and OpenID Connect endpoints, and the pages that people sign in on.

Owns authorization requests, codes, the browser's session and what a page shows. Does not own the sign-in itself
(`userpool/sign_in.py`), users of other providers (`userpool/providers/federated_users.py`) or the way to a
provider and back (`relying_party`).

    door.py ─► routes.py ─► endpoints/<path>.py ─┬─► authorization.py ─► authorization_rules.py, codes.py
                                                 ├─► browser.py, browser_devices.py
                                                 ├─► pages/ ─► userpool/sign_in.py
                                                 ├─► departures.py, posted.py ─► relying_party, federated_users.py
                                                 └─► client_authentication.py, grants/<grant_type>.py, json_answers.py

`authorization.py` is what an app asks for and how it is answered, `browser.py` the session and the form token,
`browser_devices.py` the browser as a device that spares the second factor, `users.py` whether an earlier sign-in still
counts. `departures.py` sends a browser to a provider and takes it back; `posted.py` keeps what a provider's page posts.
The last line is for programs: who calls, what a grant gives (`userpool/tokens/`, `machine_tokens.py`), and JSON.

States of one authorization:

    /oauth2/authorize ─► /login (password, challenges) ───────────────┐
            │                                                         ├─► code ─► /oauth2/token ─► tokens
            └─► provider ─► /oauth2/idpresponse, /saml2/idpresponse ──┘
"""
