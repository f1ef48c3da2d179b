"""A user pool in a hundred lines: the server's half of SRP written out by hand, TOTP, devices, one-time sessions.

It shares no code with `auth` or `localcloud`, and refuses what it should: a test that passes here passed a proof.
It answers like a boto3 client of `cognito-idp`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any

import pyotp
from botocore.exceptions import ClientError

# RFC 3526, group 15.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2


def pad(number: int) -> bytes:
    """Big-endian, with a zero byte in front where the first bit would make it negative."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def digest(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest())


def verifier_of(salt: int, identity: str, password: str) -> int:
    inner = hashlib.sha256(f"{identity}:{password}".encode()).digest()
    return pow(G, digest(pad(salt), inner), N)


class ServerHandshake:
    """SRP-6a's server: knows salt and verifier, never the password."""

    def __init__(self, salt: int, verifier: int, client_public: str, b: int | None = None) -> None:
        self.salt, self.verifier, self.A = salt, verifier, int(client_public, 16)
        self.b = b or secrets.randbits(256)
        self.B = (digest(pad(N), pad(G)) * verifier + pow(G, self.b, N)) % N
        self.block = secrets.token_bytes(64)

    def challenge(self) -> dict[str, str]:
        return {"SALT": f"{self.salt:x}", "SRP_B": f"{self.B:x}", "SECRET_BLOCK": b64encode(self.block).decode()}

    def accepts(self, identity: str, answer: dict[str, str]) -> bool:
        u = digest(pad(self.A), pad(self.B))
        shared = pow(self.A * pow(self.verifier, u, N), self.b, N)
        extracted = hmac.digest(pad(u), pad(shared), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        block = b64decode(answer["PASSWORD_CLAIM_SECRET_BLOCK"])
        message = identity.encode() + block + answer["TIMESTAMP"].encode()
        expected = b64encode(hmac.digest(key, message, "sha256")).decode()
        return block == self.block and hmac.compare_digest(expected, answer["PASSWORD_CLAIM_SIGNATURE"])


def refuse(code: str, message: str, operation: str = "RespondToAuthChallenge") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@dataclass
class FakePool:
    """One pool with one user, known to the service as `USER_ID`, who may type an alias."""

    pool_id: str = "eu-west-1_AbCdEf123"
    user_id: str = "user-0001"
    password: str = "Correct-Horse-7"
    totp_secret: str | None = None
    new_device_key: str = "eu-west-1_device-1"
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    session: str | None = None
    pending: Any = None

    def _challenge(self, name: str, parameters: dict[str, str], pending: Any = None) -> dict[str, Any]:
        self.session, self.pending = secrets.token_urlsafe(40), (name, pending)
        parameters = {"USER_ID_FOR_SRP": self.user_id} | parameters
        return {"ChallengeName": name, "Session": self.session, "ChallengeParameters": parameters}

    def _open(self, session: str | None) -> Any:
        if session is None or session != self.session:
            raise refuse("NotAuthorizedException", "Invalid session for the user.")
        self.session = None
        return self.pending

    def initiate_auth(self, AuthFlow: str, AuthParameters: dict[str, str], ClientId: str) -> dict[str, Any]:  # noqa: N803
        self.log.append(AuthFlow)
        if AuthFlow == "REFRESH_TOKEN_AUTH":
            if AuthParameters != {"REFRESH_TOKEN": "refresh", "DEVICE_KEY": next(iter(self.devices))}:
                raise refuse("NotAuthorizedException", "Invalid Refresh Token")
            return {"AuthenticationResult": {"AccessToken": "access-2", "IdToken": "id-2", "ExpiresIn": 3600}}
        salt = secrets.randbits(128)
        verifier = verifier_of(salt, self.pool_id.split("_")[1] + self.user_id, self.password)
        handshake = ServerHandshake(salt, verifier, AuthParameters["SRP_A"])
        return self._challenge("PASSWORD_VERIFIER", handshake.challenge(), handshake)

    def respond_to_auth_challenge(
        self,
        ClientId: str,  # noqa: N803
        ChallengeName: str,  # noqa: N803
        ChallengeResponses: dict[str, str],  # noqa: N803
        Session: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        self.log.append(ChallengeName)
        issued, pending = self._open(Session)
        answer = ChallengeResponses
        if issued != ChallengeName or answer["USERNAME"] != self.user_id:
            raise refuse("NotAuthorizedException", "Invalid session for the user.")
        device_key = answer.get("DEVICE_KEY")
        if device_key and device_key not in self.devices:
            raise refuse("ResourceNotFoundException", "Device does not exist.")
        return self._verify(issued, answer, device_key, pending)

    def _verify(self, issued: str, answer: dict[str, str], device_key: str | None, pending: Any) -> dict[str, Any]:
        if issued == "PASSWORD_VERIFIER":
            if not pending.accepts(self.pool_id.split("_")[1] + self.user_id, answer):
                raise refuse("NotAuthorizedException", "Incorrect username or password.")
            if device_key and self.devices[device_key]["remembered"]:
                return self._challenge("DEVICE_SRP_AUTH", {}, pending)
            if self.totp_secret:
                return self._challenge("SOFTWARE_TOKEN_MFA", {"FRIENDLY_DEVICE_NAME": "phone"})
            return self._challenge("MFA_SETUP", {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'})
        if issued == "SOFTWARE_TOKEN_MFA" and not self._code_is_right(answer["SOFTWARE_TOKEN_MFA_CODE"]):
            raise refuse("CodeMismatchException", "Invalid code received for user")
        if issued == "DEVICE_SRP_AUTH":
            assert device_key
            assert int(answer["SRP_A"], 16) != pending.A, "the client used its A twice"
            device = self.devices[device_key]
            handshake = ServerHandshake(device["salt"], device["verifier"], answer["SRP_A"])
            return self._challenge("DEVICE_PASSWORD_VERIFIER", handshake.challenge(), handshake)
        if issued == "DEVICE_PASSWORD_VERIFIER" and not pending.accepts(f"group-1{device_key}", answer):
            raise refuse("NotAuthorizedException", "Incorrect username or password.")
        return {"AuthenticationResult": self._tokens(device_key)}

    def _tokens(self, device_key: str | None) -> dict[str, Any]:
        new = {"NewDeviceMetadata": {"DeviceKey": self.new_device_key, "DeviceGroupKey": "group-1"}}
        tokens = {"AccessToken": "access", "IdToken": "id", "RefreshToken": "refresh", "ExpiresIn": 3600}
        return tokens | ({} if device_key else new)

    def _code_is_right(self, code: str) -> bool:
        return bool(self.totp_secret) and pyotp.TOTP(str(self.totp_secret)).verify(code, valid_window=1)

    def associate_software_token(self, Session: str) -> dict[str, Any]:  # noqa: N803
        self._open(Session)
        self.totp_secret = pyotp.random_base32()
        return self._challenge("MFA_SETUP", {}) | {"SecretCode": self.totp_secret}

    def verify_software_token(self, Session: str, UserCode: str) -> dict[str, Any]:  # noqa: N803
        self._open(Session)
        if not self._code_is_right(UserCode):
            raise refuse("EnableSoftwareTokenMFAException", "Code mismatch", "VerifySoftwareToken")
        return self._challenge("MFA_SETUP", {}) | {"Status": "SUCCESS"}

    def confirm_device(
        self,
        AccessToken: str,  # noqa: N803
        DeviceKey: str,  # noqa: N803
        DeviceSecretVerifierConfig: dict[str, str],  # noqa: N803
        DeviceName: str = "",  # noqa: N803
    ) -> dict[str, Any]:
        salt, verifier = (
            int.from_bytes(b64decode(DeviceSecretVerifierConfig[name]), signed=True)
            for name in ("Salt", "PasswordVerifier")
        )
        assert salt > 0, "Cognito refuses a negative salt"
        assert verifier > 0, "Cognito refuses a negative verifier"
        self.devices[DeviceKey] = {"salt": salt, "verifier": verifier, "name": DeviceName, "remembered": False}
        return {"UserConfirmationNecessary": True}

    def update_device_status(self, AccessToken: str, DeviceKey: str, DeviceRememberedStatus: str) -> dict[str, Any]:  # noqa: N803
        self.devices[DeviceKey]["remembered"] = DeviceRememberedStatus == "remembered"
        return {}
