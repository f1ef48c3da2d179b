"""The questions a sign-in can ask, in the order in which they come. A new one is one file and one line here."""

from __future__ import annotations

from localcloud.userpool.attempt import Challenge
from localcloud.userpool.challenges.custom_challenge import CustomChallenge
from localcloud.userpool.challenges.device_password_verifier import DevicePasswordVerifier
from localcloud.userpool.challenges.device_srp_auth import DeviceSrpAuth
from localcloud.userpool.challenges.email_otp import EmailOtp
from localcloud.userpool.challenges.mfa_setup import MfaSetup
from localcloud.userpool.challenges.new_password_required import NewPasswordRequired
from localcloud.userpool.challenges.password import Password
from localcloud.userpool.challenges.password_srp import PasswordSrp
from localcloud.userpool.challenges.password_verifier import PasswordVerifier
from localcloud.userpool.challenges.select_challenge import SelectChallenge
from localcloud.userpool.challenges.select_mfa_type import SelectMfaType
from localcloud.userpool.challenges.sms_mfa import SmsMfa
from localcloud.userpool.challenges.sms_otp import SmsOtp
from localcloud.userpool.challenges.software_token_mfa import SoftwareTokenMfa
from localcloud.userpool.challenges.web_authn import WebAuthn

ORDER: tuple[Challenge, ...] = (
    SelectChallenge(),
    Password(),
    PasswordSrp(),
    PasswordVerifier(),
    SmsOtp(),
    WebAuthn(),
    NewPasswordRequired(),
    DevicePasswordVerifier(),
    DeviceSrpAuth(),
    MfaSetup(),
    SelectMfaType(),
    SmsMfa(),
    EmailOtp(),
    SoftwareTokenMfa(),
    CustomChallenge(),
)
"""First factors, what their user has to do next, the device, second factors, what triggers ask. A code by mail is both
a first factor and a second.
"""

BY_NAME = {challenge.name: challenge for challenge in ORDER}
