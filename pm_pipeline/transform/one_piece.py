"""What keeps a warehouse of one piece when only some of its tables are built.

A build starts from a copy of the present warehouse; what in it would be of another law or code than
what is built now is left out, and the warehouse says of itself only what is true of all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pm_pipeline.transform.recipes import UNKNOWN, Recipes
from pm_pipeline.transform.record import Record

#: The table that says what the warehouse as a whole was built from.
GENERATION = ("core", "generation")
#: What it says when parts of the warehouse were built by hand from other code than the rest.
MIXED = "mixed"


@dataclass(frozen=True)
class BuiltFrom:
    """What a build starts from, told by who starts it.

    Attributes:
        sources: what each dbt source (unique id) is made from; of one not named, nothing is known.
        lake_state: which state of the lake is built upon.
        code, law: fingerprints of today's code and law, for receipts.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    lake_state: str = ""
    code: str = ""
    law: str = ""

    def source(self, unique_id: str) -> str:
        return self.sources.get(unique_id, UNKNOWN)


def nobodys(recipes: Recipes, record: Record) -> list[tuple[str, str, str]]:
    """(kind, schema, name) of the tables and views that no node makes any more."""
    made = {recipes.relation(unique_id) for unique_id in recipes.nodes}
    return [(kind, *name) for name, kind in sorted(record.kinds.items()) if name not in made]


def what_goes(
    recipes: Recipes,
    record: Record,
    built: set[str],
    made_from: Mapping[str, str],
    built_from: BuiltFrom,
) -> list[tuple[str, str, str]]:
    """What a narrowed build of core leaves out: nobody's tables, and marts of the core before it.

    A mart fits when building it now would make it by the recipe it was made by.
    """
    marts = {unique_id for unique_id in recipes.nodes if recipes.stage(unique_id) == "marts"}
    fitting = recipes.made_from(built_from.source, built=marts, recorded=made_from)
    were = record.made_from(recipes)
    return nobodys(recipes, record) + [
        (record.kinds[recipes.relation(unique_id)], *recipes.relation(unique_id))
        for unique_id in sorted(marts - built)
        if recipes.relation(unique_id) in record.kinds
        and (were.get(unique_id) != fitting[unique_id] or fitting[unique_id] == UNKNOWN)
    ]


def stamps(
    recipes: Recipes,
    record: Record,
    made_from: Mapping[str, str],
    built_from: BuiltFrom,
) -> dict[str, str]:
    """What ``core.generation`` says, when it is among what is built.

    A narrowed build may say today's code only when all of core is as today's code would make it.
    """
    is_whole = not record.kinds
    as_expected = recipes.made_from(built_from.source)
    is_of_one = is_whole or (
        record.lake_state == built_from.lake_state
        and all(
            made_from[unique_id] == as_expected[unique_id] != UNKNOWN
            for unique_id in recipes.nodes
            if recipes.stage(unique_id) == "core"
        )
    )
    return {
        "PM_CODE_FINGERPRINT": built_from.code if is_of_one else MIXED,
        "PM_LAW_FINGERPRINT": built_from.law if is_of_one else MIXED,
        "PM_LAKE_STATE": built_from.lake_state if is_of_one else MIXED,
    }
