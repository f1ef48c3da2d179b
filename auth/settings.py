"""Which backend to talk to: read from the environment or from the outputs of the stack."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auth.errors import SettingsInvalid, aws_errors

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from mypy_boto3_cognito_identity import CognitoIdentityClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

OUTPUTS_FILE = Path(".gatehouse/outputs.json")

# Setting: (environment variable, key in the outputs file).
_SOURCES = {
    "user_pool_id": ("GATEHOUSE_USER_POOL_ID", "UserPoolId"),
    "app_client_id": ("GATEHOUSE_APP_CLIENT_ID", "AppClientId"),
    "identity_pool_id": ("GATEHOUSE_IDENTITY_POOL_ID", "IdentityPoolId"),
    "user_data_bucket": ("GATEHOUSE_USER_DATA_BUCKET", "UserDataBucket"),
    "user_data_table": ("GATEHOUSE_USER_DATA_TABLE", "UserDataTable"),
    "app_data_table": ("GATEHOUSE_APP_DATA_TABLE", "AppDataTable"),
    "api_url": ("GATEHOUSE_API_URL", "ApiUrl"),
    "hosted_ui_url": ("GATEHOUSE_HOSTED_UI_URL", "HostedUiUrl"),
    "cut_off_function": ("GATEHOUSE_CUT_OFF_FUNCTION", "CutOffFunction"),
    "endpoint_url": ("AWS_ENDPOINT_URL", "EndpointUrl"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """One backend. What a call needs and is not set raises `SettingsInvalid` there, by name (see `need`).

    `endpoint_url` sends every call to that address instead of AWS: the local cloud's is `http://127.0.0.1:4566`.
    `profile` names an AWS profile; without it boto3's own order holds (AWS_PROFILE, AWS_ACCESS_KEY_ID, …).
    """

    region: str
    user_pool_id: str | None = None
    app_client_id: str | None = None
    identity_pool_id: str | None = None
    user_data_bucket: str | None = None
    user_data_table: str | None = None
    app_data_table: str | None = None
    api_url: str | None = None
    hosted_ui_url: str | None = None
    cut_off_function: str | None = None
    endpoint_url: str | None = None
    profile: str | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Settings from `GATEHOUSE_USER_POOL_ID` and its like, `AWS_REGION` and `AWS_ENDPOINT_URL`.

        The region is the pool's own, which its id begins with; AWS_REGION and AWS_DEFAULT_REGION count without a pool.
        Raises SettingsInvalid if nothing names a region.
        """
        found = {name: environ.get(variable) or None for name, (variable, _) in _SOURCES.items()}
        region = region_of(found["user_pool_id"]) or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
        if not region:
            raise SettingsInvalid("GATEHOUSE_USER_POOL_ID is not set, nor AWS_REGION, so there is no region")
        return cls(region=region, **found)

    @classmethod
    def from_outputs(cls, path: Path | str = OUTPUTS_FILE) -> Settings:
        """Settings from the outputs of the stack: a JSON object of strings, as `make up` writes it.

        Raises SettingsInvalid if the file is missing or is no such object, or lacks `Region`.
        """
        outputs = _read_outputs(Path(path))
        if "Region" not in outputs:
            raise SettingsInvalid(f"{path} has no Region")
        return cls(region=outputs["Region"], **{name: outputs.get(key) for name, (_, key) in _SOURCES.items()})

    def need(self, name: str) -> str:
        """The setting of that name. Raises SettingsInvalid, which says where to set it, if it is not set."""
        value: str | None = getattr(self, name)
        if not value:
            variable, key = _SOURCES[name]
            raise SettingsInvalid(f"{variable} is not set ({key} in an outputs file)")
        return value

    @property
    def issuer(self) -> str:
        """The `iss` claim of the pool's tokens, on AWS and by default on the local cloud too."""
        domain = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        return f"https://cognito-idp.{self.region}.{domain}/{self.need('user_pool_id')}"

    @property
    def jwks_url(self) -> str:
        """Where the pool's public keys are: below the issuer, or below `endpoint_url` if that is set."""
        base = f"{self.endpoint_url.rstrip('/')}/{self.need('user_pool_id')}" if self.endpoint_url else self.issuer
        return f"{base}/.well-known/jwks.json"

    def session(self) -> boto3.Session:
        """A boto3 session with the caller's own AWS credentials. Raises SettingsInvalid for an unknown profile."""
        import boto3  # here: a token can be verified without it

        from auth.sessions import new_session

        with aws_errors():
            return boto3.Session(botocore_session=new_session(self.profile), region_name=self.region)

    def user_pools(self, *, signed: bool) -> CognitoIdentityProviderClient:
        """A client of user pools: unsigned for what an app's user does, signed for what an administrator does."""
        config = None if signed else _unsigned()
        with aws_errors():
            return self.session().client("cognito-idp", endpoint_url=self.endpoint_url, config=config)

    def identity_pools(self) -> CognitoIdentityClient:
        """A client of identity pools, unsigned, as an app calls them."""
        with aws_errors():
            return self.session().client("cognito-identity", endpoint_url=self.endpoint_url, config=_unsigned())


def region_of(user_pool_id: str | None) -> str | None:
    """The region that a pool's id begins with: `eu-west-1` of `eu-west-1_AbCdEf123`."""
    region, mark, _ = (user_pool_id or "").partition("_")
    return region if mark else None


def _unsigned() -> Config:
    # Without this, botocore looks for credentials that an app does not have: on some machines, for seconds.
    from botocore import UNSIGNED
    from botocore.config import Config

    return Config(signature_version=UNSIGNED)


def _read_outputs(path: Path) -> dict[str, str]:
    try:
        outputs = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsInvalid(f"there is no {path}", hint="`make up` writes it") from None
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path} cannot be read: {error}") from error
    if not isinstance(outputs, dict) or not all(isinstance(value, str) for value in outputs.values()):
        raise SettingsInvalid(f"{path} is not a JSON object of strings")
    return outputs
