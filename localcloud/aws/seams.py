"""Replacing parts of the engine while it runs, and only parts that are there."""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class EngineError(Exception):
    """The engine is not the one that this was written for, or is used twice in one process."""


class Seams:
    """What was replaced, so that it can be put back."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def original(self, module: ModuleType, name: str) -> Any:
        """What the engine has under that name. Raises EngineError when it has nothing: a release moved it."""
        try:
            return getattr(module, name)
        except AttributeError:
            raise EngineError(f"the engine has no {module.__name__}.{name}; its version must be the pinned one") from None

    def replace(self, module: ModuleType, name: str, new: Any) -> None:
        """Put something else in its place."""
        old = self.original(module, name)
        self._undo.append(lambda: setattr(module, name, old))
        setattr(module, name, new)

    def refill(self, mapping: MutableMapping[str, Any], new: dict[str, Any]) -> None:
        """Give a mapping that others hold references to other contents."""
        old = dict(mapping)

        def put(contents: dict[str, Any]) -> None:
            mapping.clear()
            mapping.update(contents)

        self._undo.append(lambda: put(old))
        put(new)

    def restore(self) -> None:
        """Put everything back, the last first."""
        while self._undo:
            self._undo.pop()()


@contextlib.contextmanager
def quiet_logging() -> Iterator[None]:
    """Keeps `logging.basicConfig` of an imported module from taking over: it does nothing where a handler is."""
    root = logging.getLogger()
    guard = logging.NullHandler()
    root.addHandler(guard)
    try:
        yield
    finally:
        root.removeHandler(guard)


def set_environment(variables: dict[str, str], prefixes: Sequence[str]) -> None:
    """Set these variables, and drop the user's own that the engine would listen to."""
    for name in [name for name in os.environ if name.startswith(tuple(prefixes))]:
        del os.environ[name]
    os.environ.update(variables)


class _LazyFinder:
    """Finds the modules of one package, but those named `eager` only as shells that load at their first use."""

    def __init__(self, package: str, eager: frozenset[str]) -> None:
        self._prefix = f"{package}."
        self._eager = eager

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        short = name.removeprefix(self._prefix)
        if short == name or short.partition(".")[0] in self._eager:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


@contextlib.contextmanager
def lazy_imports(package: str, eager: frozenset[str]) -> Iterator[None]:
    """The stack deployment imports every service at its top; most are never used, and cost 25 MB and half a second."""
    finder = _LazyFinder(package, eager)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def is_loaded(module: ModuleType) -> bool:
    """Whether a module is more than a shell of `lazy_imports`."""
    return type(module) is ModuleType

