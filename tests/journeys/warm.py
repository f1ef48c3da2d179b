"""The stack's functions, started before a test counts on them: where much else runs, a first run can be too late."""

from __future__ import annotations

import uuid

from auth import make_recovery_codes
from auth.errors import AuthError
from tests.journeys.people import PASSWORD, Person, settings_of
from tests.local_cloud import LocalCloud


def warm_up(cloud: LocalCloud) -> None:
    """Run every function that recovery codes and notices need. The last error counts, if it does not get better."""
    for left in reversed(range(5)):
        try:
            person = Person.new(cloud, f"warm-{uuid.uuid4().hex[:8]}@example.com")
            person.enrol_totp()
            codes = make_recovery_codes(settings_of(cloud), person.sign_in().tokens)
            person.client.sign_in_with_recovery_code(person.email, PASSWORD, codes[0], person.answer)
        except AuthError:
            if not left:
                raise
        else:
            return
