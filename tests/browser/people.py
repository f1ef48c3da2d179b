"""People who have an account of the pool's own already."""

from __future__ import annotations

from typing import Any

from tests.browser.app import App
from tests.journeys.people import PASSWORD


def add_user(app: App, root: Any, email: str) -> None:
    """Somebody with a verified address and the usual password."""
    _create(app, root, email, MessageAction="SUPPRESS")
    root.admin_set_user_password(
        UserPoolId=app.settings.user_pool_id, Username=email, Password=PASSWORD, Permanent=True
    )


def invite(app: App, root: Any, email: str, temporary: str) -> None:
    """Somebody whom an administrator has given a temporary password."""
    _create(app, root, email, TemporaryPassword=temporary)


def _create(app: App, root: Any, email: str, **more: str) -> None:
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    root.admin_create_user(UserPoolId=app.settings.user_pool_id, Username=email, UserAttributes=attributes, **more)
