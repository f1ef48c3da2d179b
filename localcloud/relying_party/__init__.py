"""Signing in with somebody else's users: the way to a provider and back, as OpenID Connect client or SAML service.

Owns the requests that leave, and the check of what comes back, down to the last signature. Does not own whose user it
becomes (`userpool/providers/federated_users.py`), nor the browser that is sent there (`managed_login`).

    providers/<type>.py ─► openid_connect.py ─► code_flow.py, endpoints.py, federation/openid.py
                        ├► code_flow.py (OAuth 2.0: Facebook, Amazon) ─► federation/providers
                        └► saml/ (service provider) ─► federation/saml_signature.py
"""
