"""A user pool as a SAML 2.0 service provider.

Owns the requests that it sends, the answers that it takes, and single logout. The signature, decryption and reading of
an assertion are `federation`'s, the same as for STS.

    providers/saml.py ─► provider_metadata.py (whose keys, which addresses)
            │        ├─► messages.py ─► bindings.py (a redirect, or a form)
            │        └─► arrivals.py ─► federation/saml_response.py, used_assertions.py
    logout.py ───────┴─► messages.py, signed_messages.py
"""
