"""Lambda triggers: which event each gets, and what of its answer counts; how one is called is `call.py`'s."""

from __future__ import annotations

from localcloud.userpool.triggers.auth_challenges import (
    AuthDecision,
    AuthQuestion,
    create_auth_challenge,
    define_auth_challenge,
    verify_auth_challenge,
)
from localcloud.userpool.triggers.authentication import post_authentication
from localcloud.userpool.triggers.federation import inbound_federation
from localcloud.userpool.triggers.message import custom_message
from localcloud.userpool.triggers.sign_up import SignUpAnswer, post_confirmation, pre_sign_up
from localcloud.userpool.triggers.token_generation import machine_token_generation, pre_token_generation

__all__ = [
    "SUPPORTED",
    "AuthDecision",
    "AuthQuestion",
    "SignUpAnswer",
    "create_auth_challenge",
    "custom_message",
    "define_auth_challenge",
    "inbound_federation",
    "machine_token_generation",
    "post_authentication",
    "post_confirmation",
    "pre_sign_up",
    "pre_token_generation",
    "verify_auth_challenge",
]

SUPPORTED = frozenset(
    {
        "PreSignUp",
        "PostConfirmation",
        "PostAuthentication",
        "CustomMessage",
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
        "PreTokenGeneration",
        "PreTokenGenerationConfig",
        "InboundFederation",
    }
)
"""`LambdaConfig` keys that run here; a pool that names another one is refused."""
