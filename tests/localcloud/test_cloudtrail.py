"""Attack: a login provider's client secret, told to everybody whom an event rule tells of the call."""

from __future__ import annotations

import random

from localcloud import cloudtrail
from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.seal import Sealer
from localcloud.store import Store
from localcloud.wire import model


def test_the_details_of_a_provider_are_hidden() -> None:
    store = Store(None, ())
    cloud = Cloud(store=store, clock=Clock(), sealer=Sealer(b"key"), random=random.Random(7).randbytes)
    operation = model.load("cognito-idp").operations["CreateIdentityProvider"]
    details = {"client_id": "app", "client_secret": "do not tell"}
    params = {"ProviderName": "Google", "ProviderDetails": details}
    told = cloudtrail.record(operation, Context(cloud), params, "")["requestParameters"]
    store.close()
    assert told == {"providerName": "Google", "providerDetails": "HIDDEN_DUE_TO_SECURITY_REASONS"}
