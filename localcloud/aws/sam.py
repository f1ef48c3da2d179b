"""The SAM transform, run as a program of its own: its library takes 15 MB and most of a second, and is needed once.

Standard input: `{"template": …, "parameters": {name: value}, "region": …}`. Standard output: the transformed template.
A template that SAM refuses gives exit code 1 and its reasons on standard error, one a line.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from types import SimpleNamespace


def main() -> None:
    """Transform the template on standard input."""
    request = json.load(sys.stdin)
    # The user's own AWS settings play no part here: a profile that is not there would stop the transform.
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    no_files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    os.environ.update(no_files, AWS_DEFAULT_REGION=request["region"])
    logging.disable(logging.CRITICAL)
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.translator.transform import transform

    # Managed policies are named by ARN in the templates that we take, so none has to be looked up.
    no_policies = SimpleNamespace(load=dict)
    try:
        json.dump(transform(request["template"], request["parameters"], no_policies), sys.stdout)
    except InvalidDocumentException as error:
        sys.exit("\n".join(cause.message for cause in error.causes) or error.message)


if __name__ == "__main__":
    main()
