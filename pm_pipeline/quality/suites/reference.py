"""What the quality rules need of the registry: regimes with their dates, allowed codes, log rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pm_pipeline.registry import LogRule, Registry, ResourceType, ResponsibleParty


@dataclass(frozen=True)
class RegimeSpan:
    """When a regime's rules are in force: [valid_from, valid_to), open while valid_to is None.

    ``is_law``: its change is in force or ended; an announced one feeds no check.
    """

    process_id: str
    valid_from: date
    valid_to: date | None
    is_law: bool


@dataclass(frozen=True)
class Reference:
    """Processes, regimes by id, the values of each ``$PARAMETER``, and the rules of the log."""

    processes: tuple[str, ...]
    regimes: Mapping[str, RegimeSpan]
    parameters: Mapping[str, tuple[str, ...]]
    log_rules: tuple[LogRule, ...] = ()

    @classmethod
    def of(cls, registry: Registry) -> "Reference":
        """Take from the registry what the rules need.

        Raises:
            UsageError: a regime names a change the registry does not have.
        """
        return cls(
            processes=tuple(one.process_id for one in registry.processes),
            regimes={
                one.regime_id: RegimeSpan(
                    one.process_id,
                    one.valid_from,
                    one.valid_to,
                    registry.change(one.change_id).is_law,
                )
                for one in registry.regimes
            },
            parameters={
                "municipalities": tuple(one.municipality_id for one in registry.municipalities),
                "systems": tuple(one.system_id for one in registry.systems),
                "processes": tuple(one.process_id for one in registry.processes),
                "regimes": tuple(one.regime_id for one in registry.regimes),
                "legal_changes": tuple(one.change_id for one in registry.changes),
                "log_rules": tuple(one.rule_id for one in registry.log_rules),
                "target_groups": tuple(one.target_group for one in registry.target_groups),
                "activities": tuple(one.activity_id for one in registry.activities),
                "resource_types": tuple(one.value for one in ResourceType),
                "responsible_parties": tuple(one.value for one in ResponsibleParty),
            },
            log_rules=registry.log_rules,
        )
