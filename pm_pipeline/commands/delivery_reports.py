"""The report to the sender of a delivery, made from what is known of it now."""

from typing import TYPE_CHECKING

from pm_pipeline.commands.known import taking_part
from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.landing.deliveries import Delivery, find_delivery, list_deliveries
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings

if TYPE_CHECKING:
    from pm_pipeline.components.delivery_reports import WrittenReport


def report_deliveries(
    settings: Settings, municipality_id: str, system: str | None, delivery_id: str | None
) -> list["WrittenReport"]:
    """Write the report of one delivery, or of the newest of each system (or of one system).

    Raises:
        UsageError: there is no such delivery, it was withdrawn, or it was never run.
    """
    from pm_pipeline.components.delivery_reports import write_delivery_reports

    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    chosen = _chosen(settings, municipality_id, system, delivery_id)
    written = write_delivery_reports(settings, municipality_id, chosen)
    if len(written) < len(chosen):
        told = {one.delivery.delivery_id for one in written}
        waiting = ", ".join(one.delivery_id for one in chosen if one.delivery_id not in told)
        raise UsageError(
            f"nothing is known yet of delivery {waiting} of {municipality_id}: load it with "
            f"`pm-pipeline run -m {municipality_id}`"
        )
    return written


def _chosen(
    settings: Settings, municipality_id: str, system: str | None, delivery_id: str | None
) -> list[Delivery]:
    if delivery_id is not None:
        delivery = find_delivery(settings.landing_dir, municipality_id, delivery_id)
        if delivery.withdrawal is not None:
            raise UsageError(
                f"delivery {delivery.delivery_id} of {municipality_id} was withdrawn: there is nothing "
                "to report on"
            )
        if system not in (None, delivery.system):
            raise UsageError(f"delivery {delivery.delivery_id} is of {delivery.system}, not {system}")
        return [delivery]
    # oldest first, so that the last of each system stays
    newest = {
        one.system: one for one in list_deliveries(settings.landing_dir, municipality_id, system)
    }
    if not newest:
        raise UsageError(
            f"{municipality_id} has delivered nothing{f' from {system}' if system else ''} to "
            f"{settings.landing_dir}; see `pm-pipeline deliveries list`"
        )
    return list(newest.values())
