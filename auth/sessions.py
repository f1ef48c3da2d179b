"""botocore sessions that share what they have read: a service's model costs a tenth of a second, each time anew."""

from __future__ import annotations

import functools

from botocore.loaders import Loader, create_loader
from botocore.session import Session, get_session

_loader = functools.cache(create_loader)


def new_session(profile: str | None = None) -> Session:
    """A botocore session of its own, but for the models of services, which never change.

    Raises botocore's ProfileNotFound.
    """
    session = get_session()
    if profile:
        session.set_config_variable("profile", profile)
    models: Loader = _loader(session.get_config_variable("data_path"))
    session.register_component("data_loader", models)
    return session
