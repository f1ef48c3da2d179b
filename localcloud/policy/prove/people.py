"""Real people with real keys: users who signed in, guests, merged identities, and those who should get nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from botocore.exceptions import ClientError

from localcloud.policy.prove import wrong_ways
from localcloud.policy.prove.layout import Layout, Persona
from localcloud.policy.prove.pools import Person, Pools, new_password, refused
from localcloud.process import CloudError, RunningCloud

SignIn = Callable[[RunningCloud, str, str, str, str], str]
"""From cloud, user pool, app client, user name and password to an ID token, as an app's client does it."""

_MORE_THAN_AN_HOUR = 3700
_AT_ONCE = 4


class People:
    """Makes personas in one cloud."""

    def __init__(self, cloud: RunningCloud, layout: Layout, sign_in: SignIn) -> None:
        """Nobody is made yet. Raises CloudError for an output that is none."""
        user_pool, app_client, identity_pool = (
            cloud.output(layout.outputs[name]) for name in ("user_pool", "app_client", "identity_pool")
        )
        self._cloud = cloud
        self._pools = Pools(cloud, user_pool, identity_pool)
        self._sign_in = partial(sign_in, cloud, user_pool, app_client)

    def make(self, personas: Iterable[Persona]) -> dict[str, Person]:
        """All of them, by name. Raises CloudError for one who cannot be made."""
        wanted = list(personas)
        expired = [persona for persona in wanted if persona.kind == "expired"]
        made = {persona.name: self._make(persona) for persona in expired}
        if expired:
            # Only theirs: the others get their keys later.
            self._cloud.advance(_MORE_THAN_AN_HOUR)
        others = [persona for persona in wanted if persona not in expired]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return made | dict(zip([p.name for p in others], pool.map(self._make, others), strict=True))

    def _make(self, persona: Persona) -> Person:
        try:
            match persona.kind:
                case "anonymous":
                    return Person(None)
                case "guest":
                    return self._guest()
                case "stranger":
                    return wrong_ways.stranger(self._cloud, self._pools)
                case "merged":
                    return self._merged(persona)
            return self._user(persona)
        except ClientError as error:
            raise CloudError(f"{persona.name} could not be made: {error}") from error

    def _user(self, persona: Persona) -> Person:
        sub, logins = self._signed_in(persona)
        user = self._pools.keys(self._pools.identity(logins), logins, sub)
        return replace(user, attempts=wrong_ways.of_a_user(self._pools, user.ids["self"], logins, persona.groups))

    def _merged(self, persona: Persona) -> Person:
        """A user who has an identity already, and comes with a guest's: the guest's is given up."""
        sub, logins = self._signed_in(persona)
        before, own = self._pools.identity({}), self._pools.identity(logins)
        merged = self._pools.keys(before, logins, sub)
        if merged.ids["self"] != own:
            raise CloudError(f"{persona.name}: the identity that was there before did not live on")
        return replace(merged, ids={**merged.ids, "self.before": before})

    def _signed_in(self, persona: Persona) -> tuple[str, dict[str, str]]:
        """The `sub` of a new user, and what proves to the identity pool who it is."""
        name, password = f"{persona.name.replace(' ', '-')}@example.com", new_password()
        sub = self._pools.add_user(name, password, persona.groups)
        return sub, {self._pools.provider: self._sign_in(name, password)}

    def _guest(self) -> Person:
        try:
            guest = self._pools.keys(self._pools.identity({}), {})
        except ClientError as error:
            # A pool that lets no guest in is as good as any: it is the expectations that say what a guest may.
            return Person(None, {"self": f"{self._cloud.region}:nobody"}, refused(error))
        return replace(guest, attempts=wrong_ways.of_a_guest(self._cloud, self._pools, guest.ids["self"]))
