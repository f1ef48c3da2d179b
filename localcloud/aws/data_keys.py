"""Data keys of the engine's KMS, for the services of ours that encrypt under a customer's key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from localcloud.context import DataKey

_SECONDS = 5.0
"""How long a call may wait for a key."""


class Engine(Protocol):
    """What is needed of the engine."""

    def call_from_thread(
        self, service: str, operation: str, parameters: Mapping[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        """Make a call as the account itself."""
        ...


class DataKeys:
    """Asks KMS for data keys; on any thread but the event loop's."""

    def __init__(self, engine: Engine) -> None:
        """The engine whose KMS it is."""
        self._engine = engine

    def __call__(self, key_arn: str, context: Mapping[str, str]) -> DataKey:
        """A new data key, bound to an encryption context. Raises AwsError as KMS does, and TimeoutError."""
        wanted = {"KeyId": key_arn, "KeySpec": "AES_256", "EncryptionContext": dict(context)}
        made = self._engine.call_from_thread("kms", "GenerateDataKey", wanted, _SECONDS)
        return DataKey(made["Plaintext"], made["CiphertextBlob"])
