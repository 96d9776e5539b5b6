"""What each seed and model of the dbt project is made from, as fingerprints.

The *recipe* of a node is a hash of its own definition (a seed's content; a model's SQL, the macros it
uses, its configuration, the settings it reads; the versions of dbt and DuckDB) and of the recipes of
its parents. Sources (the lake, the quality results, the mined models) come from outside: whoever asks
says what they are made from. So an edit changes the recipe of what rests on it, and of nothing else.

The structural tests of a node have a fingerprint of their own: they decide whether a node may stay,
not what is in it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pm_pipeline.settings import Settings
from pm_pipeline.transform.manifest import environment_of, manifest_path

#: What a node says of itself without changing what is in it.
_SAYINGS = frozenset({"docs", "group", "meta", "tags", "access", "static_analysis"})
_ENV_VAR = re.compile(r"""env_var\(\s*['"](\w+)""")
#: Differ from build to build and are written down, not computed with.
_STAMPS = frozenset({
    "PM_WAREHOUSE", "PM_WORK_DIR", "PM_MUNICIPALITY", "PM_CODE_FINGERPRINT", "PM_LAW_FINGERPRINT",
    "PM_LAKE_STATE", "PM_MADE_FROM", "PM_DROPPED",
})
_LIBRARIES = ("dbt-core", "dbt-duckdb", "duckdb")
_RUNS_DBT = ("build.py", "manifest.py")
#: Stands for a parent that nobody knows the recipe of: what rests on it is never up to date.
UNKNOWN = "unknown"


class Recipes:
    """The seeds and models of one parsed project, with the fingerprints of their definitions."""

    def __init__(self, manifest: Mapping[str, Any], settings: Settings) -> None:
        self._manifest = manifest
        self._dbt_project_dir = settings.dbt_project_dir
        self._environment = environment_of(settings)
        self._base = _digest([
            *(f"{name} {version(name)}" for name in _LIBRARIES),
            (settings.dbt_project_dir / "profiles.yml").read_text("utf-8"),
            *(Path(__file__).with_name(name).read_text("utf-8") for name in _RUNS_DBT),
        ])
        self._nodes: dict[str, Mapping[str, Any]] = {
            unique_id: node
            for unique_id, node in manifest["nodes"].items()
            if node["resource_type"] in {"seed", "model"}
        }
        self._own = {unique_id: self._definition(node) for unique_id, node in self._nodes.items()}
        self._tests = self._fingerprints_of_tests()

    @property
    def nodes(self) -> frozenset[str]:
        """The unique ids of every seed and model that is a table or a view.

        What is ephemeral is no relation: it is part of the recipes of those that read it.
        """
        return frozenset(one for one in self._nodes if not self._is_ephemeral(one))

    @property
    def sources(self) -> dict[str, tuple[str, str]]:
        """(group, table) of every source, by unique id."""
        return {
            unique_id: (source["source_name"], source["name"])
            for unique_id, source in self._manifest["sources"].items()
        }

    def stage(self, unique_id: str) -> str:
        """``marts`` or ``core``: which of the two builds makes this node."""
        is_mart = self._nodes[unique_id]["fqn"][1:2] == ["marts"]
        return "marts" if is_mart and unique_id.startswith("model.") else "core"

    def relation(self, unique_id: str) -> tuple[str, str]:
        """(schema, name) of the table or view that a node makes."""
        node = self._nodes[unique_id]
        return node["schema"], node["alias"]

    def node_of(self, schema: str, name: str) -> str:
        """The node that makes the table or view of this name."""
        return next(one for one in self._nodes if self.relation(one) == (schema, name))

    def parents(self, unique_id: str) -> tuple[str, ...]:
        """What a node reads: seeds, models and sources."""
        return tuple(self._nodes[unique_id]["depends_on"].get("nodes", ()))  # a seed has none

    def relations_read(self, unique_id: str) -> frozenset[str]:
        """The seeds and models that a node reads, itself or through what is ephemeral."""
        found: set[str] = set()
        for parent in self.parents(unique_id):
            if parent in self._nodes and self._is_ephemeral(parent):
                found |= self.relations_read(parent)
            else:
                found.add(parent)
        return frozenset(found)

    def tests(self, unique_id: str) -> str:
        """The fingerprint of the structural tests that guard a node."""
        return self._tests[unique_id]

    def made_from(
        self,
        sources: Callable[[str], str],
        *,
        built: Collection[str] | None = None,
        recorded: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """The recipe of every node.

        Args:
            sources: what a source table (its unique id) is made from.
            built: only these nodes are made by today's definitions; None: all of them.
            recorded: the recipes by which the other nodes were made, as far as they are known.
        """
        recorded = recorded or {}
        found: dict[str, str] = {}
        for unique_id in self._in_order():
            if built is not None and unique_id not in built and not self._is_ephemeral(unique_id):
                found[unique_id] = recorded.get(unique_id, UNKNOWN)
                continue
            parents = sorted(
                f"{parent}={found[parent] if parent in found else sources(parent)}"
                for parent in self.parents(unique_id)
            )
            is_known = not any(parent.endswith(f"={UNKNOWN}") for parent in parents)
            found[unique_id] = _digest([self._own[unique_id], *parents]) if is_known else UNKNOWN
        return found

    def with_descendants(self, unique_ids: Iterable[str]) -> set[str]:
        """These nodes and everything that rests on them."""
        found = set(unique_ids)
        for unique_id in self._in_order():
            if found.intersection(self.parents(unique_id)):
                found.add(unique_id)
        return found & self.nodes

    def _is_ephemeral(self, unique_id: str) -> bool:
        return bool(self._nodes[unique_id]["config"].get("materialized") == "ephemeral")

    def _in_order(self) -> list[str]:
        """Every node after its parents."""
        order: dict[str, None] = {}

        def visit(unique_id: str) -> None:
            if unique_id in order or unique_id not in self._nodes:
                return
            for parent in self.parents(unique_id):
                visit(parent)
            order[unique_id] = None

        for unique_id in sorted(self._nodes):
            visit(unique_id)
        return list(order)

    def _definition(self, node: Mapping[str, Any]) -> str:
        config = {name: value for name, value in node["config"].items() if name not in _SAYINGS}
        parts = [
            self._base,
            node["schema"],
            node["alias"],
            json.dumps(config, sort_keys=True, default=str),
        ]
        if node["config"].get("contract", {}).get("enforced"):
            parts.append(json.dumps(node["columns"], sort_keys=True, default=str))
        if node["resource_type"] == "seed":
            # dbt's own checksum of a large seed is that of its path
            content = (self._dbt_project_dir / node["original_file_path"]).read_bytes()
            return _digest([*parts, hashlib.sha256(content).hexdigest()])
        return _digest([*parts, *self._code(node)])

    def _code(self, node: Mapping[str, Any]) -> list[str]:
        """The SQL of a model or test with the macros of this project and the settings it uses."""
        code = [node["raw_code"]]
        waiting, seen = list(node["depends_on"]["macros"]), set[str]()
        while waiting:
            name = waiting.pop()
            macro = self._manifest["macros"].get(name)
            if name in seen or macro is None or macro["package_name"] != node["package_name"]:
                continue  # dbt's own macros have dbt's version
            seen.add(name)
            code.append(f"{name}\n{macro['macro_sql']}")
            waiting += macro["depends_on"]["macros"]
        read = {name for text in code for name in _ENV_VAR.findall(text)} - _STAMPS
        settings = [f"{name}={self._environment.get(name)}" for name in sorted(read)]
        return [code[0], *sorted(code[1:]), *settings]

    def _fingerprints_of_tests(self) -> dict[str, str]:
        by_node: dict[str, list[str]] = {unique_id: [] for unique_id in self._nodes}
        for node in self._manifest["nodes"].values():
            if node["resource_type"] != "test":
                continue
            config = {name: value for name, value in node["config"].items() if name not in _SAYINGS}
            about = [config, node.get("test_metadata"), self._code(node)]
            guarded = [node["attached_node"]] if node.get("attached_node") else (
                node["depends_on"]["nodes"]
            )
            for unique_id in set(guarded) & set(by_node):
                by_node[unique_id].append(json.dumps(about, sort_keys=True, default=str))
        for test in self._manifest.get("unit_tests", {}).values():
            for unique_id in set(test["depends_on"]["nodes"]) & set(by_node):
                by_node[unique_id].append(_digest([
                    json.dumps(test[name], sort_keys=True, default=str)
                    for name in ("name", "given", "expect", "overrides")
                ]))
        return {unique_id: _digest(sorted(texts)) for unique_id, texts in by_node.items()}


def recipes_of(settings: Settings) -> Recipes:
    """The recipes of this project and these seeds as the files are now."""
    path = manifest_path(settings)
    return _read(settings, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(settings: Settings, path: Path, mtime_ns: int) -> Recipes:
    return Recipes(json.loads(path.read_text(encoding="utf-8")), settings)


def forget_recipes() -> None:
    """Look at the files again at the next question: for processes that outlive an edit."""
    _read.cache_clear()


def _digest(parts: Iterable[str]) -> str:
    """32 hex digits over texts, each told apart from the next."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}\0{part}\0".encode())
    return digest.hexdigest()[:32]
