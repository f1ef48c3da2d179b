"""What a user of the backend does, one line for each step. A step that is not as it should be raises StoryEnds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from authenticator import Authenticator
from botocore.exceptions import BotoCoreError, ClientError
from clock import Clock
from outbox import read_code
from user_data import UserData

from auth import Ask, AuthClient, AuthError, FileDeviceStore, Identity, Settings, Tokens, identity_of


class StoryEnds(Exception):  # noqa: N818 - named for what happened
    """A step that is not as it should be; the message says which, and why."""


def tell(settings: Settings, email: str, devices: Path) -> None:
    """The whole story of a new user. The device record is kept in the folder `devices`, as an app would keep it."""
    client = AuthClient(settings, FileDeviceStore(devices))
    password = f"Aa1-{secrets.token_urlsafe(18)}"
    sign_up(client, settings, email, password)
    tokens = sign_in_with_second_factor(client, settings, email, password)
    use_own_data(settings, Identity(settings, client.id_tokens(tokens)), tokens)


def sign_up(client: AuthClient, settings: Settings, email: str, password: str) -> None:
    """A new user, who proves the address."""
    with step(f"signs up as {email}"):
        client.sign_up(email, password)
    with step("confirms with the code from the mail"):
        client.confirm_sign_up(email, read_code(settings.endpoint_url, email))


def sign_in_with_second_factor(client: AuthClient, settings: Settings, email: str, password: str) -> Tokens:
    """Set TOTP up, sign in with it, and once more on the device that is then remembered."""
    authenticator = Authenticator(Clock(settings.endpoint_url))
    with step("signs in with the password"):
        tokens = client.sign_in(email, password).tokens
    with step("sets up TOTP"):
        authenticator.secret = client.associate_totp(tokens, email).secret
        client.verify_totp(tokens, authenticator.next_code())
    with step("signs in with the password and a TOTP code"):
        asked: list[str] = []

        def answer(ask: Ask) -> str:
            asked.append(ask.kind)
            return authenticator.next_code()

        tokens = client.sign_in(email, password, answer).tokens
        expect(asked == ["totp_code"], f"the pool asked for {asked}")
    with step("has this device remembered"):
        client.remember_device(tokens)
    with step("signs in on the remembered device, without a code"):
        return client.sign_in(email, password).tokens  # with no `answer`, a question of the pool is an error


def use_own_data(settings: Settings, identity: Identity, tokens: Tokens) -> None:
    """A file and an item of one's own; another identity's are refused."""
    with step("gets AWS credentials of its own"):
        own, session = identity.identity_id, identity.session()
        credentials = session.get_credentials()  # fetched when first read, and renewed from then on
        expect(credentials is not None and bool(credentials.token), "there are none")
    with step("is in the identity map"):  # entered when the credentials were fetched
        expect(identity_of(settings, tokens) == own, "the map does not know it")
    data = UserData(settings, session)
    with step(f"uploads private/{own}/note.txt"):
        data.upload(own, "note.txt", b"hello")
    with step(f"puts an item into the partition {own}"):
        data.put_item(own, "note", "hello")
    other = f"{settings.region}:00000000-0000-4000-8000-000000000000"
    with step(f"is refused a file under private/{other}/"):
        expect_refused(lambda: data.upload(other, "note.txt", b"hello"))
    with step(f"is refused an item in the partition {other}"):
        expect_refused(lambda: data.put_item(other, "note", "hello"))


@contextmanager
def step(what: str) -> Iterator[None]:
    """One step: a line once it is done. Raises StoryEnds with what went wrong."""
    try:
        yield
    except (AuthError, BotoCoreError, ClientError, EOFError, OSError) as error:
        raise StoryEnds(f"the user {what}: {type(error).__name__}: {error}") from error
    except StoryEnds as end:
        raise StoryEnds(f"the user {what}: {end}") from None
    print(f"ok    {what}")


def expect(holds: bool, otherwise: str) -> None:
    """Raises StoryEnds unless it holds."""
    if not holds:
        raise StoryEnds(otherwise)


def expect_refused(call: Callable[[], None]) -> None:
    """Raises StoryEnds unless AWS denies the call."""
    code = "nothing"
    try:
        call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
    expect(code.startswith("AccessDenied"), f"expected AccessDenied, got {code}")
