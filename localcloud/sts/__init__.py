"""The Security Token Service: who one is, and sessions of roles for users, sessions, web identities and SAML users.

Owns what a request for a session may ask: how long, narrowed by which session policies, with which tags. Does not own
the question whether the role trusts whoever asks (`assume_role.py`; for AssumeRole the pipeline, together with the
caller's own policies), the session's life (`credentials.py`), or the check of tokens and assertions (`federation`, and
`identitypool` for its own).
"""
