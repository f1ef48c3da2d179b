"""Replacing parts of the engine while it runs, and only parts that are there."""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.util
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

# What the engine would listen to. SMTP_HOST above all: it would send on, to real people, what a test mails.
_FOREIGN = ("MINISTACK_", "LOCALSTACK_", "LAMBDA_", "S3_", "DYNAMODB_", "SMTP_")


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
            raise EngineError(
                f"the engine has no {module.__name__}.{name}; its version must be the pinned one"
            ) from None

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

    def set_environment(self, variables: dict[str, str]) -> None:
        """Set these variables, and drop the user's own that the engine would listen to."""
        before = dict(os.environ)

        def put_back() -> None:
            os.environ.clear()
            os.environ.update(before)

        self._undo.append(put_back)
        for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
            del os.environ[name]
        os.environ.update(variables)

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


class _Shell(ModuleType):
    """Stands for a module until something of it is used."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return getattr(_loaded(self.__name__), attribute)


class _ShellFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of one package as shells, but for those named `eager`."""

    def __init__(self, package: str, eager: frozenset[str]) -> None:
        self._prefix = f"{package}."
        self._eager = eager

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        short = name.removeprefix(self._prefix)
        return None if short == name or short.partition(".")[0] in self._eager else ModuleSpec(name, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Shell(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


@contextlib.contextmanager
def lazy_imports(package: str, eager: frozenset[str]) -> Iterator[None]:
    """The engine imports all its services at once; most are never used, and cost 12 MB and a third of a second."""
    finder = _ShellFinder(package, eager)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def is_loaded(name: str) -> bool:
    """Whether a module is imported, and more than a shell."""
    return name in sys.modules and not isinstance(sys.modules[name], _Shell)


def _loaded(name: str) -> ModuleType:
    with _loading:
        module = sys.modules[name]
        if isinstance(module, _Shell):
            package = sys.modules[name.rpartition(".")[0]]
            spec = PathFinder.find_spec(name, package.__path__)
            if spec is None or spec.loader is None:
                raise ImportError(f"no module {name}")
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            spec.loader.exec_module(module)
        return module


_loading = threading.RLock()
