"""What a user pool keeps. Settings stay in AWS's wire form (`config`), with typed readers for what decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.store import Entity
from localcloud.userpool import sign_in_state
from localcloud.userpool.accounts import imported_hashes
from localcloud.userpool.configuration import pool_state
from localcloud.userpool.factors import passkey_state
from localcloud.userpool.imports import jobs
from localcloud.userpool.providers import federation_state

_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def _listed(names: list[str] | None, attribute: str) -> bool:
    return ":" not in attribute if names is None else attribute in names


@dataclass(frozen=True, slots=True)
class UserPool(Entity):
    """A pool: `config` is what CreateUserPool took, with AWS's defaults filled in. Never change it in place."""

    KEY = ("id",)
    CACHED = True
    id: str
    config: dict[str, Any]
    created: float
    modified: float

    @property
    def short_id(self) -> str:
        """The part of the id that SRP hashes: all behind the region and the underscore."""
        return self.id.split("_", 1)[1]

    @property
    def region(self) -> str:
        """The region, which every pool id begins with."""
        return self.id.split("_", 1)[0]

    @property
    def password_policy(self) -> Mapping[str, Any]:
        """What a password must be like."""
        return (self.config.get("Policies") or {}).get("PasswordPolicy") or {}

    @property
    def mfa(self) -> str:
        """`OFF`, `OPTIONAL` or `ON`."""
        return str(self.config.get("MfaConfiguration", "OFF"))

    @property
    def username_attributes(self) -> list[str]:
        """Attributes that stand for the username at sign-up and sign-in; users of such pools are named by their sub."""
        return list(self.config.get("UsernameAttributes") or ())

    @property
    def alias_attributes(self) -> list[str]:
        """Attributes that, once verified, may be used in place of the username."""
        return list(self.config.get("AliasAttributes") or ())

    @property
    def case_sensitive(self) -> bool:
        """Whether `A@example.com` and `a@example.com` are two users."""
        return bool((self.config.get("UsernameConfiguration") or {}).get("CaseSensitive", True))

    @property
    def verified_before_update(self) -> list[str]:
        """Attributes whose new value counts only once it is verified."""
        settings = self.config.get("UserAttributeUpdateSettings") or {}
        return list(settings.get("AttributesRequireVerificationBeforeUpdate") or ())

    @property
    def devices(self) -> Mapping[str, bool] | None:
        """Device settings, or None where the pool tracks no devices."""
        return self.config.get("DeviceConfiguration") or None

    @property
    def triggers(self) -> Mapping[str, Any]:
        """`LambdaConfig`."""
        return self.config.get("LambdaConfig") or {}

    def fold(self, name: str) -> str:
        """A name as it is compared in this pool."""
        return name if self.case_sensitive else name.casefold()


@dataclass(frozen=True, slots=True)
class AppClient(Entity):
    """An app client of a pool; `secrets` by their ids, the oldest first: none for a public one."""

    KEY = ("id",)
    CACHED = True
    INDEXES = (("pool_id",),)
    id: str
    pool_id: str
    secrets: dict[str, str]
    config: dict[str, Any]
    created: float
    modified: float

    def allows(self, flow: str) -> bool:
        """Whether an auth flow such as `USER_SRP_AUTH` is enabled; the names from before 2019 count as well."""
        if flow == "REFRESH_TOKEN_AUTH" and self.rotation_grace is not None:
            return False
        flows = self.config.get("ExplicitAuthFlows") or ()
        if any(name.startswith("ALLOW_") for name in flows):
            return f"ALLOW_{flow}" in flows
        # Without the prefix, these are always on, unless the client is for CUSTOM_AUTH only.
        older = {"ADMIN_USER_PASSWORD_AUTH": "ADMIN_NO_SRP_AUTH"}.get(flow, flow)
        always = ("REFRESH_TOKEN_AUTH", "CUSTOM_AUTH", "USER_SRP_AUTH")
        return flow in always[: 2 if "CUSTOM_AUTH_FLOW_ONLY" in flows else 3] or older in flows

    @property
    def rotation_grace(self) -> int | None:
        """Seconds that a refresh token is good for after it was rotated out; None where the client rotates none."""
        rotation = self.config.get("RefreshTokenRotation") or {}
        return int(rotation.get("RetryGracePeriodSeconds") or 0) if rotation.get("Feature") == "ENABLED" else None

    @property
    def hides_users(self) -> bool:
        """Whether an unknown user must look like a wrong password."""
        return bool(self.config.get("PreventUserExistenceErrors") == "ENABLED")

    @property
    def session_seconds(self) -> int:
        """How long a challenge may wait for its answer."""
        return int(self.config.get("AuthSessionValidity") or 3) * 60

    def validity(self, token: str) -> int:
        """Lifetime in seconds of an `AccessToken`, `IdToken` or `RefreshToken`."""
        units = self.config.get("TokenValidityUnits") or {}
        default_unit, default = {"RefreshToken": ("days", 30)}.get(token, ("hours", 1))
        return int(self.config.get(f"{token}Validity") or default) * _UNIT_SECONDS[units.get(token, default_unit)]

    def may_read(self, attribute: str) -> bool:
        """Whether tokens and GetUser show this attribute. Without a list, standard ones. Source: UserPoolClientType."""
        return _listed(self.config.get("ReadAttributes"), attribute)

    def may_write(self, attribute: str) -> bool:
        """Whether the client may set this attribute. Without a list, standard ones only."""
        return _listed(self.config.get("WriteAttributes"), attribute)


@dataclass(frozen=True, slots=True)
class User(Entity):
    """A user. The password is kept as an SRP verifier and a keyed digest, never itself.

    `imported_hash` stands for them until the first sign-in of a user who came with another system's hash.

    `named_by` is the attribute whose value was the username at sign-up, where the pool signs in by attributes.
    """

    KEY = ("pool_id", "sub")
    CACHED = True
    INDEXES = (("pool_id", "username_key"),)
    pool_id: str
    sub: str
    username: str
    username_key: str
    status: str
    created: float
    modified: float
    attributes: dict[str, str]
    named_by: str = ""
    enabled: bool = True
    salt: str = ""
    verifier: str = ""
    password_digest: str = ""
    imported_hash: str = ""
    temporary_until: float = 0.0
    totp_secret: str = ""
    totp_last_step: int = 0
    mfa_methods: list[str] = field(default_factory=list)
    mfa_preferred: str = ""
    pending_attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alias(Entity):
    """Who signs in by this value: unique in its pool, so that of two racing sign-ups one wins."""

    KEY = ("pool_id", "name", "value")
    CACHED = True
    INDEXES = (("pool_id", "sub"),)
    pool_id: str
    name: str
    value: str
    sub: str


@dataclass(frozen=True, slots=True)
class AttributeIndex(Entity):
    """One searchable attribute of one user, for `ListUsers` filters."""

    KEY = ("pool_id", "name", "value", "sub")
    pool_id: str
    name: str
    value: str
    sub: str


@dataclass(frozen=True, slots=True)
class Group(Entity):
    """A group; a lower `precedence` wins, None is the last."""

    KEY = ("pool_id", "name")
    CACHED = True
    pool_id: str
    name: str
    description: str
    role_arn: str
    precedence: int | None
    created: float
    modified: float


@dataclass(frozen=True, slots=True)
class Membership(Entity):
    """One user in one group."""

    KEY = ("pool_id", "sub", "group_name")
    CACHED = True
    INDEXES = (("pool_id", "group_name", "sub"),)
    pool_id: str
    sub: str
    group_name: str


@dataclass(frozen=True, slots=True)
class Device(Entity):
    """A device that a sign-in was confirmed on; the verifier proves later that it is the same one."""

    KEY = ("pool_id", "sub", "key")
    pool_id: str
    sub: str
    key: str
    group_key: str
    name: str
    salt: str
    verifier: str
    remembered: bool
    created: float
    modified: float
    last_authenticated: float
    last_ip: str = ""


@dataclass(frozen=True, slots=True)
class SigningKey(Entity):
    """The RSA key of a pool, PEM."""

    KEY = ("pool_id",)
    pool_id: str
    kid: str
    pem: str


@dataclass(frozen=True, slots=True)
class Domain(Entity):
    """A managed-login domain prefix; `version` 1 is the classic hosted UI, 2 managed login with branding."""

    KEY = ("domain",)
    CACHED = True
    INDEXES = (("pool_id",),)
    domain: str
    pool_id: str
    version: int = 1


KINDS: tuple[type[Entity], ...] = (
    UserPool,
    AppClient,
    User,
    Alias,
    AttributeIndex,
    Group,
    Membership,
    Device,
    SigningKey,
    Domain,
    *sign_in_state.KINDS,
    *federation_state.KINDS,
    *passkey_state.KINDS,
    *pool_state.KINDS,
    *imported_hashes.KINDS,
    *jobs.KINDS,
)
