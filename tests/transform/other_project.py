"""Settings that lead to a small dbt project instead of the repository's own."""

from pathlib import Path

from pm_pipeline.settings import Settings

MUNICIPALITY = "901"


class OtherProject(Settings):
    """Settings that name another dbt project than the repository's."""

    other_project: Path

    @property
    def dbt_project_dir(self) -> Path:
        return self.other_project
