"""What is there before anybody tries: names filled in, and an object or item in each place, made by the owner."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.policy.prove import dynamodb_keys
from localcloud.policy.prove.calls import Scene, Spot
from localcloud.policy.prove.cells import Cell
from localcloud.policy.prove.layout import Layout, Persona, Place
from localcloud.policy.prove.operations import operation
from localcloud.policy.prove.s3_calls import SEED
from localcloud.policy.prove.wire import ROOT, Answer, Wire
from localcloud.process import CloudError, RunningCloud

_ODD = re.compile(r"[^A-Za-z0-9]+")
_ETAG = re.compile(rb"<ETag>([^<]+)</ETag>")
_UPLOAD = re.compile(rb"<UploadId>([^<]+)</UploadId>")

Key = tuple[str, str]
"""Name and type of a key attribute."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a table's keys are, and the partition keys of its indexes."""

    arn: str
    key_types: tuple[Key, ...]
    indexes: Mapping[str, Key]


class Stage:
    """The buckets and tables of one cloud, for any number of threads."""

    def __init__(self, cloud: RunningCloud, wire: Wire, layout: Layout, ids: Mapping[str, Mapping[str, str]]) -> None:
        """`ids` has what each persona's variables are. Raises CloudError for an output, table or index that is none."""
        self._cloud, self._wire, self._layout, self._ids = cloud, wire, layout, ids
        tables = {place.output for place in layout.places.values() if place.service == "dynamodb"}
        self._tables = {output: self._describe(cloud.output(output)) for output in sorted(tables)}
        self._spots: dict[tuple[str, str], Spot] = {}
        self._uploads: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def scene(self, cell: Cell) -> Scene:
        """Where a cell takes place."""
        name = _ODD.sub("-", f"{cell.persona.name}-{cell.call.operation.name}-{cell.call.route}")
        home = self._spot(cell.home, cell.persona) if cell.home else None
        return Scene(name, self._spot(cell.place, cell.persona), home, self)

    def furnish(self, cells: Iterable[Cell]) -> None:
        """Put something into each place. Raises CloudError."""
        places = {(cell.place.name, cell.persona.name) for cell in cells if cell.place.pattern is not None}
        spots = {(place, self._resolved(place, persona)) for place, persona in places}
        for place, within in sorted(spots):
            self._furnish(self._layout.places[place], within)

    def unnamed_indexes(self) -> dict[str, str]:
        """Indexes that no place names a partition of, as calls that are not covered, and why."""
        named = {(place.output, index) for place in self._layout.places.values() for index in place.indexes}
        all_of_them = {(output, index) for output, table in self._tables.items() for index in table.indexes}
        return {
            f"dynamodb:Query@index {index}": f"no place of {output} names it" for output, index in all_of_them - named
        }

    def shared(self, bucket: str, key: str) -> str:
        """The id of an unfinished upload that everybody may try to take part in."""
        with self._lock:
            if (bucket, key) not in self._uploads:
                self._uploads[bucket, key] = self._upload(bucket, key)
            return self._uploads[bucket, key]

    def fresh(self, bucket: str, key: str) -> tuple[str, str]:
        """The id of a new upload with one part, and that part's ETag."""
        upload = self._upload(bucket, key)
        part = {"Bucket": bucket, "Key": key, "UploadId": upload, "PartNumber": 1, "Body": b"x"}
        self._root("s3", "UploadPart", part)
        parts = self._root("s3", "ListParts", {"Bucket": bucket, "Key": key, "UploadId": upload})
        return upload, _found(_ETAG, parts)

    def _spot(self, place: Place, persona: Persona) -> Spot:
        known = self._spots.get((place.name, persona.name))
        if known is None:
            known = self._spots[place.name, persona.name] = self._make_spot(place, persona)
        return known

    def _make_spot(self, place: Place, persona: Persona) -> Spot:
        resource, within = self._cloud.output(place.output), self._resolved(place.name, persona.name)
        if place.service == "s3":
            return Spot(resource, within)
        table = self._tables[place.output]
        indexes = {}
        for name, pattern in place.indexes.items():
            if name not in table.indexes:
                raise CloudError(f"place {place.name!r}: the table has no index {name!r}")
            indexes[name] = (table.indexes[name], self._layout.resolve(pattern, persona, self._ids))
        return Spot(resource, within, table.arn, table.key_types, indexes)

    def _resolved(self, place: str, persona: str) -> str:
        pattern = self._layout.places[place].pattern or ""
        return self._layout.resolve(pattern, self._layout.personas[persona], self._ids)

    def _furnish(self, place: Place, within: str) -> None:
        resource = self._cloud.output(place.output)
        if place.service == "s3":
            self._root("s3", "PutObject", {"Bucket": resource, "Key": within + SEED, "Body": b"x"})
            return
        spot = Spot(resource, within, key_types=self._tables[place.output].key_types)
        item = dynamodb_keys.key(spot, dynamodb_keys.SEED)
        self._root("dynamodb", "PutItem", {"TableName": resource, "Item": item})

    def _describe(self, name: str) -> Table:
        found = json.loads(self._root("dynamodb", "DescribeTable", {"TableName": name}).body)["Table"]
        types = {entry["AttributeName"]: entry["AttributeType"] for entry in found["AttributeDefinitions"]}
        indexes = [*found.get("GlobalSecondaryIndexes", ()), *found.get("LocalSecondaryIndexes", ())]
        return Table(
            found["TableArn"],
            _keys(found["KeySchema"], types),
            {index["IndexName"]: _keys(index["KeySchema"], types)[0] for index in indexes},
        )

    def _upload(self, bucket: str, key: str) -> str:
        return _found(_UPLOAD, self._root("s3", "CreateMultipartUpload", {"Bucket": bucket, "Key": key}))

    def _root(self, service: str, name: str, params: dict[str, Any]) -> Answer:
        answer = self._wire.send(ROOT, operation(service, name), params)
        if answer.code:
            raise CloudError(f"the stage could not be set: {name}: {answer.code}: {answer.message}")
        return answer


def _keys(schema: list[dict[str, str]], types: Mapping[str, str]) -> tuple[Key, ...]:
    ordered = sorted(schema, key=lambda entry: entry["KeyType"] != "HASH")
    return tuple((entry["AttributeName"], types[entry["AttributeName"]]) for entry in ordered)


def _found(pattern: re.Pattern[bytes], answer: Answer) -> str:
    found = pattern.search(answer.body)
    if found is None:
        raise CloudError("the stage could not be set: an upload has no id or no part")
    return found[1].decode().replace("&quot;", '"').replace("&#34;", '"')
