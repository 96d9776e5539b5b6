"""Every path, threshold and environment variable of the product, in one object.

This module is the only reader of the environment. Others are handed a :class:`Settings` or the
paths they need.
"""

import difflib
import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pm_pipeline.errors import UsageError

# A published group may never be smaller than this, whatever the configuration says (convention of
# Statistics Denmark as restated by SDU; the product's own default is the more careful five).
SMALLEST_PERMITTED_GROUP = 3

# Variables of the same prefix that are no settings: what a dbt build is told, and where tests look.
_NOT_SETTINGS = {
    "PM_WAREHOUSE", "PM_WORK_DIR", "PM_MUNICIPALITY", "PM_DBT_SEEDS", "PM_TEST_LOGS",
    "PM_CODE_FINGERPRINT", "PM_LAW_FINGERPRINT", "PM_LAKE_STATE", "PM_MADE_FROM", "PM_DROPPED",
}

_PROJECT_DIR = Path(__file__).resolve().parents[1]
_Absolute = Annotated[Path, AfterValidator(lambda path: path.expanduser().resolve())]


class Settings(BaseSettings):
    """Settings read from the environment, prefix ``PM_`` (``PM_DATA_DIR``, ``PM_KEY_DIR``, …)."""

    model_config = SettingsConfigDict(env_prefix="PM_", frozen=True, extra="ignore")

    data_dir: _Absolute = Field(
        default=Path("data"), description="Everything the pipeline reads and makes.",
        validate_default=True,
    )
    key_dir: _Absolute = Field(
        default=Path("~/.config/pm_pipeline/keys"),
        description="Pseudonym keys, one file per municipality, mode 0600. Outside data and repo.",
        validate_default=True,
    )
    field_dir: _Absolute | None = Field(
        default=None,
        description="Another field of work: a folder of seeds/, contracts/, scenarios/, expectations/.",
    )
    min_group_size: int = Field(
        default=5, ge=SMALLEST_PERMITTED_GROUP,
        description="Distinct citizens behind every published figure, at least.",
    )
    memory_limit: str = Field(default="4GB", description="DuckDB's memory limit, one warehouse.")
    threads: int = Field(default=2, ge=1, description="Threads of DuckDB and dbt.")
    max_unmapped_percent: float = Field(
        default=5, ge=0, le=100,
        description="Acts whose code no mapping knows, at most, for a publication to go ahead.",
    )
    # No law was found that names a term for counts of faults. An analytical copy needs a period of its
    # own, bound to its purpose (GDPR art. 5(1)(e)): here to compare a judgement with those of a year
    # ago, and of the half year that a change is compared over.
    keep_judgements_days: int = Field(
        default=548, ge=1,
        description="Days that judgements of the rules are kept; a convention, no law.",
    )
    max_runtime_seconds: int = Field(
        default=4 * 3600, gt=0, description="A run older than this is failed and its slot freed."
    )
    max_concurrent_runs: int = Field(
        default=2, ge=1, description="Municipalities that are run side by side by the daemon."
    )
    postgres_url: str | None = Field(
        default=None, description="Dagster's storage in PostgreSQL instead of SQLite."
    )

    @property
    def project_dir(self) -> Path:
        """The repository: dbt_project/, expectations/ and pm_pipeline/ lie here."""
        return _PROJECT_DIR

    @property
    def dbt_project_dir(self) -> Path:
        return _PROJECT_DIR / "dbt_project"

    @property
    def seeds_dir(self) -> Path:
        return self.field_dir / "seeds" if self.field_dir else self.dbt_project_dir / "seeds"

    @property
    def drafts_dir(self) -> Path:
        """Changes that are not law yet; only the `law` commands read them."""
        return (self.field_dir or self.dbt_project_dir) / "drafts"

    @property
    def scenarios_dir(self) -> Path:
        """Examples of each rule that a lawyer can read: given these acts, expect this outcome."""
        return (self.field_dir or self.dbt_project_dir) / "scenarios"

    @property
    def reference_models_dir(self) -> Path:
        """How the work of a regime is meant to flow: ``<regime_id>.bpmn``, where there is a model."""
        return (self.field_dir or self.dbt_project_dir) / "reference_models"

    @property
    def contract_dirs(self) -> tuple[Path, ...]:
        """Folders of contracts; a system in a later one replaces the same system of an earlier."""
        shipped = _PROJECT_DIR / "pm_pipeline" / "defs" / "ingest"
        return (shipped, self.field_dir / "contracts") if self.field_dir else (shipped,)

    @property
    def expectations_dir(self) -> Path:
        return (self.field_dir or _PROJECT_DIR) / "expectations"

    @property
    def landing_dir(self) -> Path:
        return self.data_dir / "landing"

    @property
    def dagster_home(self) -> Path:
        return self.data_dir / "dagster"

    @property
    def dbt_dir(self) -> Path:
        """dbt's target and logs, kept out of the repository."""
        return self.data_dir / "dbt"

    def work_dir(self, municipality_id: str) -> Path:
        """The pseudonymised zone of one controller."""
        return self.data_dir / "work" / municipality_id

    def lake_dir(self, municipality_id: str) -> Path:
        return self.work_dir(municipality_id) / "lake"

    def warehouse_path(self, municipality_id: str) -> Path:
        return self.work_dir(municipality_id) / "warehouse.duckdb"

    def quality_dir(self, municipality_id: str) -> Path:
        return self.work_dir(municipality_id) / "quality"

    def mining_dir(self, municipality_id: str) -> Path:
        return self.work_dir(municipality_id) / "mining"

    def published_dir(self, municipality_id: str) -> Path:
        return self.data_dir / "published" / municipality_id


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        UsageError: a variable named ``PM_…`` is no setting: misspelt, it would be ignored in silence.
    """
    known = {f"PM_{name.upper()}" for name in Settings.model_fields} | _NOT_SETTINGS
    unknown = sorted(name for name in os.environ if name.startswith("PM_") and name not in known)
    if unknown:
        close = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"unknown setting in the environment: {', '.join(unknown)}{hint}")
    return Settings()


def use_data_dir(data_dir: Path) -> Settings:
    """Make ``data_dir`` the data folder of this process and of those it starts."""
    os.environ["PM_DATA_DIR"] = str(data_dir.expanduser().resolve())
    get_settings.cache_clear()
    return get_settings()
