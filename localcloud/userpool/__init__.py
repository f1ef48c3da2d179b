"""Cognito user pools: sign-up, sign-in with every challenge, devices, groups, tokens, and the calls that manage them.

Does not own who may call (pipeline), what IAM says (iam), federated sign-in, or identity pools.

Sign-in, the only way to tokens (`sign_in.py`):

    InitiateAuth ─► PASSWORD_VERIFIER ─► NEW_PASSWORD_REQUIRED ─► DEVICE_SRP_AUTH ─► DEVICE_PASSWORD_VERIFIER ─┐
                    (or a password)      (admin-made users)       (a device key was sent)                      │
                                                                                                               ▼
                                            tokens ◄──────────── MFA_SETUP or SOFTWARE_TOKEN_MFA ◄── not remembered
"""
