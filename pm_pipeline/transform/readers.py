"""Which models read a seed, themselves or through others, from dbt's manifest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pm_pipeline.settings import Settings
from pm_pipeline.transform.manifest import manifest_path


@dataclass(frozen=True)
class ModelNode:
    """A model of the project: its folder under models/, its declared columns and its ``meta``."""

    name: str
    layer: str
    columns: frozenset[str]
    meta: Mapping[str, Any]
    is_direct: bool


def seed_readers(settings: Settings) -> dict[str, tuple[ModelNode, ...]]:
    """Seed → every model that reads it, by name; the project is parsed when a file changed.

    Raises:
        PipelineError: dbt cannot parse the project.
    """
    manifest = json.loads(manifest_path(settings).read_text("utf-8"))
    nodes, children = manifest["nodes"], manifest["child_map"]
    found: dict[str, tuple[ModelNode, ...]] = {}
    for key, node in nodes.items():
        if node["resource_type"] == "seed":
            below = _below(key, children)
            direct = set(children.get(key, ()))
            found[node["name"]] = tuple(
                _model(nodes[one], one in direct) for one in sorted(below)
                if one in nodes and nodes[one]["resource_type"] == "model"
            )
    return found


def _below(key: str, children: Mapping[str, list[str]]) -> set[str]:
    waiting, seen = [key], set()
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in seen:
                seen.add(child)
                waiting.append(child)
    return seen


def _model(node: Mapping[str, Any], is_direct: bool) -> ModelNode:
    return ModelNode(
        name=node["name"], layer=node["fqn"][1], columns=frozenset(node["columns"]),
        meta=node["config"].get("meta") or {}, is_direct=is_direct,
    )
