"""AWS Signature Version 4: is this request what the owner of the secret key signed, and is it fresh?

`parse` says which key a request names; the caller looks its secret up; `verify` recomputes the signature and gives back
the payload; `refusal` words what is wrong as each protocol does. `post_form` does all that for an upload form. Whose
the key is, and what it may do, is asked elsewhere.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from localcloud.sigv4.credential import ALGORITHM, Credential, parse
from localcloud.sigv4.errors import refusal
from localcloud.sigv4.verification import verify

__all__ = ["ALGORITHM", "Credential", "parse", "refusal", "verify"]
