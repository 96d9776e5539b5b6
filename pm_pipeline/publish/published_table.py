"""What is said of a published table: its columns, and which people stand behind which figure."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Part:
    """A figure about some of the people of a row.

    Attributes:
        count: column that counts the part (cases, rows).
        persons: column that counts the distinct citizens of the part; the same as ``count`` where
            the source counts no citizens.
        whole: (count, persons) columns of the group that the part is taken from, when the rest of
            that group can be had by subtraction; None when it cannot.
        dependents: columns from which the part could be computed back.
    """

    count: str
    persons: str
    whole: tuple[str, str] | None = None
    dependents: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are blanked together."""
        return tuple(dict.fromkeys((self.count, self.persons, *self.dependents)))


@dataclass(frozen=True)
class Slices:
    """The rows of a table as slices of groups that are told as a whole elsewhere.

    Attributes:
        group: columns that name the group; its rows add up to figures told elsewhere.
        along: the column by which the rows of a group differ.
        total: the published table with one row per group, of the same parts.
    """

    group: tuple[str, ...]
    along: str
    total: str


@dataclass(frozen=True)
class PublishedTable:
    """One mart on the allow-list.

    Attributes:
        columns: every column of the mart, in the order of publication.
        persons: distinct citizens behind a row; None where a row is about the law and nobody stands
            behind it (such a mart is made of reference tables alone, a test holds it to that).
        parts: figures about some of those citizens.
        percentiles: columns that are blanked below ``PERCENTILE_FACTOR`` × the minimum group.
        stands_by_parts: the row is about several groups side by side, each of which is blanked for
            itself; the row stays where one of them is told and is not nobody.
        apart: counts of parts that exclude one another. Where those that are blanked are together too
            few, the smallest of the others is blanked too.
        slices: where the rows add up to figures told elsewhere: as many more are blanked as it takes
            that no blank can be had by subtraction.
        allows_empty_group: a row about nobody (0 citizens) may stand.
        keeps_withheld: published for withheld slices too: it is of nobody, or says why they are.
        speaks_of_law: rows that count nobody speak of the law itself: they stand, also for withheld
            slices.
    """

    name: str
    columns: tuple[str, ...]
    persons: str | None = "n_citizens"
    parts: tuple[Part, ...] = ()
    percentiles: tuple[str, ...] = ()
    stands_by_parts: bool = False
    apart: tuple[str, ...] = ()
    slices: Slices | None = None
    allows_empty_group: bool = False
    keeps_withheld: bool = False
    speaks_of_law: bool = False

    def __post_init__(self) -> None:
        if self.persons is None and (self.parts or self.percentiles):
            raise ValueError(f"{self.name}: a figure about people, but no column that counts them")
        if self.stands_by_parts and not self.parts:
            raise ValueError(f"{self.name}: rows that stand by their parts, but no part")

    @cached_property
    def maskable(self) -> frozenset[str]:
        """Columns that may be blanked."""
        return frozenset(
            [*self.percentiles, *(column for part in self.parts for column in part.columns)]
        )
