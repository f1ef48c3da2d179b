"""Passwords that came as hashes: the four formats and their ceilings, the first good sign-in, and what time tells."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import bcrypt
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from localcloud.store import replaced
from localcloud.userpool.accounts import hash_formats, imported_hashes
from localcloud.userpool.accounts.hash_formats import HashError, Recipe
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.factors import passwords
from localcloud.userpool.models import User
from localcloud.userpool.pools import require_pool
from tests.localcloud.userpool.conftest import PASSWORD, Api

SALT = b"sixteen byte sal"
AWS_EXAMPLES = {
    "BCRYPT": "$2b$10$CtA.Rcu/szzn9U00wpUjOuN3vrgJRZycv4aOzcP3GzqzO8UDPEFq6",
    "SCRYPT": (
        "65536$8$1$304dbaef7c5e828dc19c98f0600d18fe$4f69c498c12cd102d057356facf8d77e8d42407090491ea32c5b038f5a18c099"
    ),
    "ARGON2ID": "$argon2id$v=19$m=19456,t=2,p=1$ko/G5o1ms+ML08P95sQ8DA$AkVbvWSOqz7Hs3qthhWKxicOWnGLN+MBmpwc3emi5VA",
    "PBKDF2_SHA256": "$pbkdf2-sha256$600000$1XZlmwLQ2hhM3JYuCPiArQ$Pfheg9Zi/v5lXU4yyLA0WFUYEd/rlaVbzrM9oMD6IrA",
}


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


def bcrypt_of(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


def scrypt_of(password: str) -> str:
    made = hashlib.scrypt(password.encode(), salt=SALT, n=16, r=8, p=1, dklen=32)
    return f"16$8$1${SALT.hex()}${made.hex()}"


def argon2id_of(password: str) -> str:
    made = Argon2id(salt=SALT, length=32, iterations=1, lanes=1, memory_cost=64).derive(password.encode())
    return f"$argon2id$v=19$m=64,t=1,p=1${base64_of(SALT)}${base64_of(made)}"


def pbkdf2_of(password: str) -> str:
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), SALT, 10)
    return f"$pbkdf2-sha256$10${base64_of(SALT)}${base64_of(made).replace('+', '.')}"


MAKERS = {"BCRYPT": bcrypt_of, "SCRYPT": scrypt_of, "ARGON2ID": argon2id_of, "PBKDF2_SHA256": pbkdf2_of}


def import_user(api: Api, pool_id: str, name: str, text: str, algorithm: str = "BCRYPT") -> User:
    """A confirmed user whose password is this hash."""
    api.make_user(pool_id, name, MessageAction="SUPPRESS")
    kept = imported_hashes.seal(api.context, algorithm, text)
    imported_hashes.keep_decoy(api.context, pool_id, kept)
    fields = {**passwords.NO_PASSWORD, "imported_hash": kept, "status": "CONFIRMED"}
    pool, sub = require_pool(api.context, pool_id), api.stored_user(pool_id, name).sub
    return update_user(api.context, pool, sub, lambda user: replaced(user, **fields))


def sign_in(api: Api, client_id: str, name: str, password: str = PASSWORD) -> dict[str, Any]:
    parameters = {"USERNAME": name, "PASSWORD": password}
    return api("InitiateAuth", ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


@pytest.fixture
def client(api: Api, pool: str) -> str:
    api.cloud.keys[pool] = api.key
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    return api.new_client(pool, ExplicitAuthFlows=flows, PreventUserExistenceErrors="ENABLED")


@pytest.mark.parametrize("algorithm", MAKERS)
@pytest.mark.parametrize("password", ["Correct1!horse", "пароль-密码", "x" * 100, "nul\0nul", ""])
def test_a_hash_matches_its_password_and_no_other(api: Api, algorithm: str, password: str) -> None:
    kept = imported_hashes.seal(api.context, algorithm, MAKERS[algorithm](password[:72]))
    assert imported_hashes.matches(api.context, kept, password[:72])
    assert not imported_hashes.matches(api.context, kept, f"?{password}")


def test_bcrypt_looks_at_72_bytes(api: Api) -> None:
    kept = imported_hashes.seal(api.context, "BCRYPT", bcrypt_of("x" * 72))
    assert imported_hashes.matches(api.context, kept, "x" * 100)
    assert not imported_hashes.matches(api.context, kept, "x" * 71)


@pytest.mark.parametrize(("algorithm", "text"), AWS_EXAMPLES.items())
def test_aws_s_own_examples_are_read(algorithm: str, text: str) -> None:
    recipe, _ = hash_formats.read(algorithm, text)
    assert Recipe.read(recipe.text()) == recipe


@pytest.mark.parametrize("letter", "abxy")
def test_every_letter_of_bcrypt_is_one_hash(api: Api, letter: str) -> None:
    kept = imported_hashes.seal(api.context, "BCRYPT", bcrypt_of(PASSWORD).replace("$2b$", f"$2{letter}$"))
    assert imported_hashes.matches(api.context, kept, PASSWORD)


@pytest.mark.parametrize(
    ("algorithm", "old", "new"),
    [
        ("BCRYPT", "$10$", "$13$"),
        ("BCRYPT", "$10$", "$03$"),
        ("SCRYPT", "65536$8$1", "131072$8$1"),
        ("SCRYPT", "65536$8$1", "65535$8$1"),
        ("SCRYPT", "65536$8$1", "1$8$1"),
        ("SCRYPT", "65536$8$1", "65536$9$1"),
        ("SCRYPT", "65536$8$1", "65536$8$2"),
        ("SCRYPT", "65536$8$1", "65536$0$1"),
        ("ARGON2ID", "m=19456", "m=19457"),
        ("ARGON2ID", "m=19456", "m=7"),
        ("ARGON2ID", "t=2", "t=3"),
        ("ARGON2ID", "t=2", "t=0"),
        ("ARGON2ID", "p=1", "p=2"),
        ("PBKDF2_SHA256", "$600000$", "$600001$"),
        ("PBKDF2_SHA256", "$600000$", "$0$"),
    ],
)
def test_a_hash_that_costs_too_much_is_refused(algorithm: str, old: str, new: str) -> None:
    """Attack: a hash whose parameters keep the server busy for minutes, at every sign-in of one user."""
    with pytest.raises(HashError, match="out of bounds"):
        hash_formats.read(algorithm, AWS_EXAMPLES[algorithm].replace(old, new))


@pytest.mark.parametrize("algorithm", AWS_EXAMPLES)
def test_a_hash_of_another_algorithm_is_refused(algorithm: str) -> None:
    for other, text in AWS_EXAMPLES.items():
        if other != algorithm:
            with pytest.raises(HashError, match="expected format"):
                hash_formats.read(algorithm, text)


@given(st.sampled_from([*AWS_EXAMPLES]), st.integers(0, 200), st.text(max_size=3))
def test_a_broken_hash_is_refused_or_read(algorithm: str, at: int, change: str) -> None:
    text = AWS_EXAMPLES[algorithm]
    broken = text[:at] + change + text[at + 1 :]
    try:
        recipe, _ = hash_formats.read(algorithm, broken)
    except HashError:
        return
    assert Recipe.read(recipe.text()) == recipe


def test_what_is_kept_is_not_the_hash(api: Api) -> None:
    """Attack: a stolen data folder, whose hashes open accounts in the system that they came from."""
    text = scrypt_of(PASSWORD)
    kept = imported_hashes.seal(api.context, "SCRYPT", text)
    assert text.rpartition("$")[2] not in kept


def test_the_first_good_sign_in_turns_it_into_a_verifier(api: Api, pool: str, client: str) -> None:
    import_user(api, pool, "ada", bcrypt_of("old"))
    with api.refused("NotAuthorizedException", "Incorrect username or password."):
        sign_in(api, client, "ada", "wrong")
    assert api.stored_user(pool, "ada").imported_hash
    # The pool's policy would refuse "old" as a new password; it binds new ones only.
    assert "AuthenticationResult" in sign_in(api, client, "ada", "old")
    user = api.stored_user(pool, "ada")
    assert (user.imported_hash, bool(user.verifier), bool(user.password_digest)) == ("", True, True)
    assert "AuthenticationResult" in sign_in(api, client, "ada", "old")


def test_a_password_that_is_set_replaces_the_hash(api: Api, pool: str, client: str) -> None:
    """Attack: an old password that goes on working beside the new one."""
    import_user(api, pool, "ada", bcrypt_of("old"))
    api("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    with api.refused("NotAuthorizedException"):
        sign_in(api, client, "ada", "old")
    assert "AuthenticationResult" in sign_in(api, client, "ada")


def test_a_password_that_is_set_during_the_first_sign_in_stays(api: Api, pool: str) -> None:
    """Attack: a slow sign-in with the old password that undoes an administrator's new one."""
    before = import_user(api, pool, "ada", bcrypt_of("old"))
    api("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    after = passwords.adopt(api.context, require_pool(api.context, pool), before, "old")
    assert after == api.stored_user(pool, "ada")
    assert api.has_password(pool, "ada", PASSWORD)


def test_an_imported_password_may_be_changed(api: Api, pool: str, client: str) -> None:
    import_user(api, pool, "ada", bcrypt_of("old"))
    token = api.sign_in(pool, client, "ada")["AccessToken"]
    api("ChangePassword", AccessToken=token, PreviousPassword="old", ProposedPassword=PASSWORD)
    assert api.has_password(pool, "ada", PASSWORD)
    assert not api.has_password(pool, "ada", "old")


def test_unknown_names_take_as_long_as_somebody(
    api: Api, pool: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack: telling by the time of a wrong password who is unknown.

    Imported users are slow to refuse, others quick; of the unknown names some are like the ones, some like the others.
    What is compared is the hashing that was done: clocks tell more of the machine.
    """
    import_user(api, pool, "ada", pbkdf2_of("old"), "PBKDF2_SHA256")
    api.new_user(pool, "bob")
    done: list[tuple[str, tuple[int, ...], int, int]] = []
    digest = Recipe.digest

    def watched(recipe: Recipe, password: str) -> bytes:
        done.append((recipe.algorithm, recipe.cost, len(recipe.salt), recipe.length))
        return digest(recipe, password)

    monkeypatch.setattr(Recipe, "digest", watched)

    def work(name: str) -> list[object]:
        done.clear()
        with api.refused("NotAuthorizedException", "Incorrect username or password."):
            sign_in(api, client, name, "wrong")
        return [*done]

    slow, quick = work("ada"), work("bob")
    assert (len(slow), quick) == (1, [])
    unknown = [work(f"nobody-{number}") for number in range(40)]
    assert all(each in (slow, quick) for each in unknown)
    assert 8 <= unknown.count(slow) <= 32
    assert unknown == [work(f"NOBODY-{number}".lower()) for number in range(40)]
