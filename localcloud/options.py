"""How a local cloud is to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `python -m localcloud up`, which says what each means."""

    data_dir: Path = Path(".gatehouse")
    iam: str = "enforce"
    issuer: str = "aws"
    stack: bool = True
    template: Path = Path("cloudformation/backend.yaml")
    parameters: Path = Path("cloudformation/parameters/local.json")
    decisions: bool = False
    stand_ins: bool = False
    import_limits: str = "aws"
    quotas: bool = False
    providers: Mapping[str, str] = field(default_factory=dict)
