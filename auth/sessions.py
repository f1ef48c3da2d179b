"""botocore sessions that share what is the same in all of them: made anew, it costs more than many a call."""

from __future__ import annotations

import copy
import functools
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import Loader, create_loader
from botocore.session import Session

_loader = functools.cache(create_loader)


@functools.lru_cache(maxsize=1)
def _hooks(handlers: tuple[tuple[Any, ...], ...]) -> HierarchicalEmitter:
    """botocore's own handlers, where each session has them: over a hundred, whose signatures it looks at one by one."""
    hooks = HierarchicalEmitter()
    Session(event_hooks=hooks)
    return hooks


def new_session(profile: str | None = None) -> Session:
    """A botocore session of its own, but for the models of services, which never change.

    Raises botocore's ProfileNotFound.
    """
    # Not cached for good: moto, say, adds a handler of its own when it is imported.
    hooks = copy.copy(_hooks(tuple(BUILTIN_HANDLERS)))
    session = Session(event_hooks=hooks, include_builtin_handlers=False)
    if profile:
        session.set_config_variable("profile", profile)
    models: Loader = _loader(session.get_config_variable("data_path"))
    session.register_component("data_loader", models)
    return session
