"""One random request of an operation: well-formed, out of what is known to be there, or with one member that is not."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from localcloud.wire.model import Operation, ServiceModel
from tests.robustness import shapes

_ODD_TEXTS = ("", "é", "a\u0301", "𝒳", "İ", "%s", "'\"", "null", "-1", "\u202e", "{}", "a\nb", "x" * 300)
_MOST_ENTRIES = 3
_OFTEN, _EVEN, _SELDOM = 0.8, 0.5, 0.1


@dataclass(frozen=True, slots=True)
class Generator:
    """Draws requests for one service. `known` has values for members of a name, `maps` the entries of maps."""

    model: ServiceModel
    known: Mapping[str, Sequence[Any]]
    maps: Mapping[str, Sequence[tuple[str, str]]]
    examples: Mapping[str, Sequence[dict[str, Any]]]
    random: Random

    def draw(self, operation: Operation) -> dict[str, Any]:
        """A request with each required member and some of the others; one in five is broken in one member.

        Where requests are known that are taken, most begin with one of them, and some of these stay as it is.
        """
        if not operation.input:
            return {}
        request: dict[str, Any] = self._value(operation.input, "", 0)
        known = self.examples.get(operation.name)
        if known and self.random.random() < _OFTEN:
            example = self.random.choice(known)
            keeps = self.random.random() < _EVEN
            request = example if keeps else {**request, **example}
        if self.random.random() < 1 / 5:
            ways = list(shapes.broken(self.model, operation, request))
            return self.random.choice(ways).request if ways else request
        return request

    def _value(self, name: str, member: str, depth: int) -> Any:
        shape = self.model.shapes[name]
        match shape["type"]:
            case "structure":
                return self._structure(shape, member, depth)
            case "list":
                number = max(shape.get("min", 1), min(self.random.randint(1, _MOST_ENTRIES), shape.get("max", 99)))
                return [self._value(shape["member"]["shape"], member, depth + 1) for _ in range(number)]
            case "map":
                return self._map(shape, member, depth)
            case "string":
                return self._text(shape, member)
            case "blob":
                return base64.b64encode(self.random.randbytes(self.random.choice((1, 3, 40)))).decode()
            case "boolean":
                return self.random.random() < _EVEN
            case "float" | "double" | "timestamp":
                return self.random.choice((0, 1, 0.5, -1, 1_700_000_000, 1e15))
            case _:
                least = shape.get("min", 0)
                return self.random.choice((least, least + 1, self.random.randint(least, shape.get("max", 1 << 20))))

    def _structure(self, shape: Mapping[str, Any], member: str, depth: int) -> dict[str, Any]:
        if shape["members"].keys() == {"Name", "Value"} and member in self.maps:
            return dict(zip(("Name", "Value"), self.random.choice(self.maps[member]), strict=True))
        share = self.random.choice((0, 0, 0.2, _EVEN)) if depth < shapes.DEEPEST else 0
        required = shape.get("required", ())
        return {
            member: self._value(entry["shape"], member, depth + 1)
            for member, entry in shape["members"].items()
            if member in required or self.random.random() < share
        }

    def _map(self, shape: Mapping[str, Any], member: str, depth: int) -> dict[str, Any]:
        if member in self.maps:
            entries = self.maps[member]
            return dict(self.random.sample(entries, self.random.randint(1, len(entries))))
        key, value = shape["key"]["shape"], shape["value"]["shape"]
        return {self._text(self.model.shapes[key], ""): self._value(value, "", depth + 1)}

    def _text(self, shape: Mapping[str, Any], member: str) -> str:
        if "enum" in shape:
            return str(self.random.choice(shape["enum"]))
        known = [text for text in self.known.get(member, ()) if isinstance(text, str) and shapes.takes(shape, text)]
        if known and self.random.random() < _OFTEN:
            return self.random.choice((known[0], self.random.choice(known)))
        odd = [text for text in _ODD_TEXTS if shapes.takes(shape, text)]
        if odd and self.random.random() < _SELDOM:
            return self.random.choice(odd)
        return self.random.choice(list(shapes.fitting_texts(shape)))
