"""The questions a sign-in can ask, in the order in which they come. A new one is one file and one line here."""

from __future__ import annotations

from localcloud.userpool.attempt import Challenge
from localcloud.userpool.challenges.device_password_verifier import DevicePasswordVerifier
from localcloud.userpool.challenges.device_srp_auth import DeviceSrpAuth
from localcloud.userpool.challenges.mfa_setup import MfaSetup
from localcloud.userpool.challenges.new_password_required import NewPasswordRequired
from localcloud.userpool.challenges.password_verifier import PasswordVerifier
from localcloud.userpool.challenges.software_token_mfa import SoftwareTokenMfa

ORDER: tuple[Challenge, ...] = (
    PasswordVerifier(),
    NewPasswordRequired(),
    DevicePasswordVerifier(),
    DeviceSrpAuth(),
    MfaSetup(),
    SoftwareTokenMfa(),
)
BY_NAME = {challenge.name: challenge for challenge in ORDER}
