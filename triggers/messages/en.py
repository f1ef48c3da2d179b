"""The messages in English."""

from __future__ import annotations

from collections.abc import Mapping

from triggers.messages.message import Mail, Message

MESSAGES: Mapping[str, Message] = {
    "CustomMessage_SignUp": Message(
        sms="{code} is your code to finish signing up. Never share it with anyone.",
        subject="Confirm your e-mail address",
        body=(
            "Thank you for signing up. Enter this code to confirm your e-mail address:",
            "{code}",
            "The code is valid for 24 hours. Never share it with anyone.",
            "If you did not sign up, you can ignore this e-mail.",
        ),
    ),
    "CustomMessage_ResendCode": Message(
        sms="{code} is your new code to finish signing up. Never share it with anyone.",
        subject="Your new confirmation code",
        body=(
            "Here is the new code you asked for. Enter it to confirm your e-mail address:",
            "{code}",
            "The code is valid for 24 hours. Never share it with anyone.",
            "If you did not sign up, you can ignore this e-mail.",
        ),
    ),
    "CustomMessage_ForgotPassword": Message(
        sms="{code} is your code to reset your password. Never share it with anyone.",
        subject="Reset your password",
        body=(
            "Someone asked to reset the password of your account. To choose a new one, enter this code:",
            "{code}",
            "The code is valid for 1 hour. Never share it with anyone.",
            "If it was not you, you can ignore this e-mail: your password stays as it is.",
        ),
    ),
    "CustomMessage_UpdateUserAttribute": Message(
        sms="{code} is your code to confirm your new phone number. Never share it with anyone.",
        subject="Confirm your new e-mail address",
        body=(
            "Enter this code to confirm this address as the new e-mail address of your account:",
            "{code}",
            "The code is valid for 24 hours. Never share it with anyone.",
            "If you did not ask for this change, you can ignore this e-mail.",
        ),
    ),
    "CustomMessage_VerifyUserAttribute": Message(
        sms="{code} is your code to verify your phone number. Never share it with anyone.",
        subject="Verify your e-mail address",
        body=(
            "Enter this code to verify your e-mail address:",
            "{code}",
            "The code is valid for 24 hours. Never share it with anyone.",
            "If you did not ask for this code, you can ignore this e-mail.",
        ),
    ),
    "CustomMessage_Authentication": Message(
        sms="{code} is your sign-in code. Never share it with anyone.",
        subject="Your sign-in code",
        body=(
            "Enter this code to finish signing in:",
            "{code}",
            "The code is valid for a few minutes only. Never share it with anyone.",
            "If you are not signing in now, do not use this code and change your password.",
        ),
    ),
    "CustomMessage_AdminCreateUser": Message(
        sms="Your account is ready. User name: {username} Temporary password: {code}",
        subject="Your account is ready",
        body=(
            "An account was made for you. Sign in with this user name and temporary password:",
            "User name: {username}",
            "Temporary password: {code}",
            "You will choose a password of your own when you first sign in. Please do so soon: this one expires.",
        ),
    ),
}

MAILS: Mapping[str, Mail] = {
    "SignIn_OneTimeCode": Mail(
        subject="Your sign-in code",
        body=(
            "Enter this code to sign in:",
            "{code}",
            "The code is valid for 5 minutes, and only where you asked for it. Never share it with anyone.",
            "If you are not signing in now, you can ignore this e-mail.",
        ),
    ),
    "SignIn_MagicLink": Mail(
        subject="Your sign-in link",
        body=(
            "Open this link on the device and in the app or browser where you are signing in:",
            "{link}",
            "The link is valid for 15 minutes and works once. Never share it with anyone.",
            "If you are not signing in now, you can ignore this e-mail.",
        ),
    ),
    "SignIn_SecondFactor": Mail(
        subject="Please sign in with your password",
        body=(
            "Someone asked for an e-mail to sign in to your account without a password.",
            "Your account is protected by a second factor. Please sign in with your password and that factor.",
            "If it was not you, you can ignore this e-mail.",
        ),
    ),
    "Notice_NewDevice": Mail(
        subject="New sign-in to your account",
        body=(
            "Someone signed in to your account on a device that it does not know:",
            "{when}",
            "This is the time in UTC; your own may differ by some hours.",
            "If it was you, there is nothing to do.",
            "If it was not you, change your password at once, sign out everywhere, and forget the devices that are not"
            " yours.",
        ),
    ),
    "Notice_PasswordReset": Mail(
        subject="Your password was reset",
        body=(
            "The password of your account was reset by a code that was sent to you:",
            "{when}",
            "This is the time in UTC; your own may differ by some hours.",
            "If it was you, there is nothing to do.",
            "If it was not you, someone can read your messages. Secure your e-mail account first, then reset the"
            " password again and sign out everywhere.",
        ),
    ),
    "Notice_RecoveryCodesMade": Mail(
        subject="New recovery codes for your account",
        body=(
            "New recovery codes were made for your account, and the old ones work no longer:",
            "{when}",
            "This is the time in UTC; your own may differ by some hours.",
            "If it was you, keep them in a safe place, apart from your password.",
            "If it was not you, change your password at once, sign out everywhere, and make new recovery codes.",
        ),
    ),
    "Notice_SecondFactorReset": Mail(
        subject="The second factor of your account was reset",
        body=(
            "A recovery code and your password were used to reset the second factor of your account:",
            "{when}",
            "This is the time in UTC; your own may differ by some hours. All sessions end with it, and all devices are"
            " forgotten.",
            "If it was you, please set up a second factor again.",
            "If it was not you, change your password at once, then set up a second factor and make new recovery codes.",
        ),
    ),
}
