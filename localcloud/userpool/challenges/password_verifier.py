"""PASSWORD_VERIFIER: the password, proven by SRP and never sent."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.account import check_may_sign_in
from localcloud.userpool.attempt import SignIn, refused_password, shown_name, sub_of
from localcloud.userpool.factors import srp
from localcloud.userpool.limits import lock_out


class PasswordVerifier:
    """Asked of each sign-in whose password is not proven. An unknown user is asked all the same, and always fails."""

    name = "PASSWORD_VERIFIER"
    carrier = "secret_block"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until the password is proven, once the client has sent its A."""
        return s.asks_first(self.name)

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Salt and B. Attack: telling unknown users by a salt or a name that changes from call to call, or by time."""
        b = int.from_bytes(ctx.cloud.random(32), "big")
        user_id = shown_name(ctx, s)
        salt, verifier = _verifier(ctx, s)
        public = srp.make_challenge(verifier, b)
        parameters = {
            "USERNAME": user_id,
            "USER_ID_FOR_SRP": user_id,
            "SALT": f"{salt:x}",
            "SRP_B": f"{public:x}",
        }
        return s.noting(b=f"{b:x}", b_public=f"{public:x}", user_id=user_id), parameters

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Check the proof, and only then whether this user may sign in."""
        proof, sub = read_proof(answer, s.pool.short_id, s.notes["user_id"]), sub_of(ctx, s)
        lock_out.check(ctx, s.pool.id, sub, lock_out.PASSWORD)
        _, verifier = _verifier(ctx, s)
        a_public = int(s.notes["a_public"], 16)
        proven = srp.is_proven(proof, verifier, a_public, int(s.notes["b"], 16), int(s.notes["b_public"], 16))
        right = proven and s.user is not None and bool(s.user.verifier)
        lock_out.settle(ctx, s.pool.id, sub, lock_out.PASSWORD, right=right)
        if not right or s.user is None:
            raise refused_password(s)
        check_may_sign_in(ctx, s.user)
        return s.proving("PASSWORD", device_key=answer.get("DEVICE_KEY") or s.device_key)


def read_proof(answer: Mapping[str, str], pool: str, user: str) -> srp.Proof:
    """The proof in an answer. Raises InvalidParameterException where a part is missing or has the wrong form."""
    for name in ("PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP", "PASSWORD_CLAIM_SIGNATURE"):
        if not answer.get(name):
            raise AwsError("InvalidParameterException", f"Missing required parameter {name}")
    if not srp.is_timestamp(answer["TIMESTAMP"]):
        raise AwsError("InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
    block, stamp, signature = (
        answer[n] for n in ("PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP", "PASSWORD_CLAIM_SIGNATURE")
    )
    return srp.Proof(pool, user, block, stamp, signature)


def read_srp_a(parameters: Mapping[str, str]) -> str:
    """SRP_A, checked. Raises InvalidParameterException."""
    if not parameters.get("SRP_A"):
        raise AwsError("InvalidParameterException", "Missing required parameter SRP_A")
    try:
        return f"{srp.read_public(parameters['SRP_A']):x}"
    except srp.BadValueError as error:
        raise AwsError("InvalidParameterException", f"{error}.") from error


def _verifier(ctx: Context, s: SignIn) -> tuple[int, int]:
    if s.user is not None and s.user.verifier:
        return int(s.user.salt, 16), int(s.user.verifier, 16)
    digests = [
        ctx.cloud.sealer.digest("no-verifier", s.pool.id, s.pool.fold(s.username), str(part)) for part in range(13)
    ]
    return int(digests[0][:32], 16), int("".join(digests[1:]), 16) % srp.N
