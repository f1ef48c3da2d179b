"""Lambda triggers: which event each gets, and what of its answer counts; how one is called is `call.py`'s."""

from __future__ import annotations

from localcloud.userpool.triggers.auth_challenges import (
    AuthDecision,
    AuthQuestion,
    create_auth_challenge,
    define_auth_challenge,
    verify_auth_challenge,
)
from localcloud.userpool.triggers.authentication import post_authentication, pre_authentication
from localcloud.userpool.triggers.federation import inbound_federation
from localcloud.userpool.triggers.message import custom_message
from localcloud.userpool.triggers.migration import FoundUser, user_migration
from localcloud.userpool.triggers.sender import hand_notice, hand_to_sender, has_sender
from localcloud.userpool.triggers.settings import SETTINGS, read_settings
from localcloud.userpool.triggers.sign_up import SignUpAnswer, post_confirmation, pre_sign_up
from localcloud.userpool.triggers.token_generation import machine_token_generation, pre_token_generation

__all__ = [
    "SETTINGS",
    "AuthDecision",
    "AuthQuestion",
    "FoundUser",
    "SignUpAnswer",
    "create_auth_challenge",
    "custom_message",
    "define_auth_challenge",
    "hand_notice",
    "hand_to_sender",
    "has_sender",
    "inbound_federation",
    "machine_token_generation",
    "post_authentication",
    "post_confirmation",
    "pre_authentication",
    "pre_sign_up",
    "pre_token_generation",
    "read_settings",
    "user_migration",
    "verify_auth_challenge",
]
