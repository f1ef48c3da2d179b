"""What a handler needs, read from its source: our own modules, foreign packages, AWS services.

Imports count wherever they stand, also inside functions; those under `if TYPE_CHECKING:` do not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from localcloud.aws.package.errors import PackageError
from localcloud.aws.package.stamp import OWN

# Finds its routes by looking into its own folder, so it goes in whole.
WHOLE = ("api",)


@dataclass(slots=True)
class Sources:
    """Files relative to the project; each foreign top-level name with the place that imports it; AWS service names.

    `services` may name what is no service. It is None when a client is made for a service that only run time knows.
    """

    files: set[Path] = field(default_factory=set)
    foreign: dict[str, str] = field(default_factory=dict)
    services: set[str] | None = field(default_factory=set)


def trace(root: Path, modules: Iterable[str]) -> Sources:
    """Follow the imports of these modules. Raises PackageError for one of ours that is not there or is no Python."""
    sources = Sources()
    waiting = [name for module in modules for name in _with_whole(root, module)]
    while waiting:
        name = waiting.pop()
        for module in _with_parents(name):
            file = _find(root, module)
            if file is None:
                raise PackageError(f"module {module} is not there, but is a handler or imported")
            if file not in sources.files:
                sources.files.add(file)
                waiting += _read(root, file, sources)
    for folder in {file.parent for file in sources.files if file.name == "__init__.py"}:
        sources.files |= {path.relative_to(root) for path in (root / folder).iterdir() if _is_data(path)}
    return sources


def _read(root: Path, file: Path, sources: Sources) -> list[str]:
    """Note what one file needs; give the modules of ours that it imports."""
    tree = _parse(root, file)
    own = []
    for name, line in _imported_names(root, file, tree):
        if name.split(".")[0] in OWN:
            own.append(name)
        else:
            sources.foreign.setdefault(name.split(".")[0], f"{file}:{line}")
    for service in _services(tree):
        if sources.services is not None:
            sources.services = None if service is None else sources.services | {service}
    return own


def _imported_names(root: Path, file: Path, tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = file.parent.parts[: len(file.parent.parts) + 1 - node.level] if node.level else ()
            base = ".".join([*package, *([node.module] if node.module else [])])
            yield base, node.lineno
            if base.split(".")[0] in OWN:
                homes = _lazy_names(root, base)
                for alias in node.names:
                    name = homes.get(alias.name, f"{base}.{alias.name}")
                    if _find(root, name):
                        yield name, node.lineno


def _lazy_names(root: Path, package: str) -> dict[str, str]:
    """Names that a package loads when they are first used (PEP 562): it imports them for the type checker only."""
    file = _find(root, package)
    if file is None or file.name != "__init__.py":
        return {}
    blocks = [node for node in ast.walk(_parse(root, file)) if isinstance(node, ast.If) and _for_types(node)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom) and node.module]
    return {alias.asname or alias.name: str(node.module) for node in imports for alias in node.names}


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.orelse if isinstance(node, ast.If) and _for_types(node) else ast.iter_child_nodes(node)


def _for_types(node: ast.If) -> bool:
    return ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def _services(tree: ast.AST) -> Iterator[str | None]:
    """The services of `X.client("service")` and `X.resource("service")`; None where boto3 is given no literal."""
    for node in _walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in ("client", "resource"):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
            elif {"boto3", "session"} & {*ast.unparse(node.func.value).lower().replace("()", "").split(".")}:
                yield None


def _with_whole(root: Path, module: str) -> Iterator[str]:
    top = module.split(".")[0]
    yield module
    if top in WHOLE:
        files = (path.relative_to(root).with_suffix("") for path in (root / top).rglob("*.py"))
        yield from (".".join(file.parts).removesuffix(".__init__") for file in files)


def _with_parents(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _find(root: Path, module: str) -> Path | None:
    path = Path(*module.split("."))
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((file for file in candidates if (root / file).is_file()), None)


def _parse(root: Path, file: Path) -> ast.AST:
    try:
        return ast.parse((root / file).read_bytes(), filename=str(file))
    except (SyntaxError, ValueError) as error:
        raise PackageError(f"{file} is no Python: {error}") from error


def _is_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in (".py", ".pyc") and not path.name.startswith(".")
