"""Extract the tables of a case system's database into landing, as a delivery."""

from datetime import date

from pm_pipeline.commands.deliver import register_checked
from pm_pipeline.commands.known import contract_of, make_data_dir, taking_part
from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.extraction.connection import address_path
from pm_pipeline.ingest.extraction.extract import database_tables, extract
from pm_pipeline.ingest.extraction.folder import extraction_folder
from pm_pipeline.ingest.landing.deliveries import Delivery
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings


def extract_delivery(
    settings: Settings, municipality_id: str, system_id: str, delivered_on: date
) -> Delivery:
    """Read the database of a system and register what was read as a delivery of that day.

    Raises:
        UsageError: the municipality or the system is unknown, or none of its tables is in a database.
        PipelineError: the database cannot be read, or its tables are not what the contract describes.
    """
    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    if delivered_on > date.today():
        raise UsageError(
            f"--delivered-on {delivered_on} lies in the future: it would outrank every later delivery"
        )
    system = contract_of(settings, system_id)
    contract = system.at(delivered_on)
    if not database_tables(contract):
        raise UsageError(
            f"the contract of {system_id} has no table with 'format: database'; deliver its files with "
            "pm-pipeline deliver"
        )
    make_data_dir(settings)
    address = address_path(settings.key_dir, municipality_id, system_id)
    with extraction_folder(settings.landing_dir / municipality_id / system_id) as folder:
        files = [one.path for one in extract(contract, address, folder)]
        return register_checked(settings, municipality_id, system, delivered_on, files)
