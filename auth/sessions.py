"""botocore sessions that share what is the same in all of them: made anew, it costs more than many a call."""

from __future__ import annotations

import copy
import functools

from botocore.hooks import HierarchicalEmitter
from botocore.loaders import Loader, create_loader
from botocore.session import Session

_loader = functools.cache(create_loader)


@functools.cache
def _handlers() -> HierarchicalEmitter:
    """What botocore hooks into each session: over a hundred functions, whose signatures it looks at each time."""
    handlers = HierarchicalEmitter()
    Session(event_hooks=handlers)
    return handlers


def new_session(profile: str | None = None) -> Session:
    """A botocore session of its own, but for the models of services, which never change.

    Raises botocore's ProfileNotFound.
    """
    session = Session(event_hooks=copy.copy(_handlers()), include_builtin_handlers=False)
    if profile:
        session.set_config_variable("profile", profile)
    models: Loader = _loader(session.get_config_variable("data_path"))
    session.register_component("data_loader", models)
    return session
