"""POST Object: a browser's upload to S3 by an HTML form, which carries its credential and its own rules.

    form.py ──► sigv4/post_form.py ──► policy.py ──► put_object.py ──► the pipeline ──► answer.py
    fields      who signed them        what they     the PutObject       decides and     204, 201, 303
    and file                           may be        they stand for      performs it

IAM says whether the signer may write that object, now; the form's policy says what else must hold, the size included.
https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from localcloud.post_object.answer import answer
from localcloud.post_object.form import Form, is_form, read
from localcloud.post_object.policy import check_policy
from localcloud.post_object.put_object import put_object

__all__ = ["Form", "answer", "check_policy", "is_form", "put_object", "read"]
