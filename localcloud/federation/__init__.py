"""Whom others vouch for: OpenID Connect and OAuth 2.0 tokens, SAML responses, and IAM's identity providers.

Owns the check of a token or response that somebody else issued, and the entities that say whose are trusted. Does not
own what follows from it: identities (`identitypool`), role sessions (STS), the tokens of user pools (`userpool`).

    web_identity.py (STS)          identitypool/logins.py      saml.py (STS, identity pools)    relying_party/saml
            └───────────┬───────────────────┘                            └────────────┬────────────────┘
                  providers/<type>.py                            saml_response.py ► saml_signature.py
                        │                                              │                   └─► saml_encryption.py
                  openid.py ► keys.py ► documents.py             saml_metadata.py
                        └─► signatures.py    └─► Cloud.fetch
"""
