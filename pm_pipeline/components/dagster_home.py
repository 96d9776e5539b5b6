"""One Dagster home under the data folder, so that runs of the command line appear in the UI."""

import os
from pathlib import Path
from typing import Any

import yaml

from pm_pipeline.settings import Settings


def instance_configuration(settings: Settings) -> dict[str, Any]:
    """The content of ``dagster.yaml``: what Dagster leaves open by default is closed here.

    Without these lines Dagster has no time-out and no retry, and a run cut off by a power failure
    stays STARTED for ever and keeps its pool slot (tried on 1.13.27).
    """
    configuration: dict[str, Any] = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "run_monitoring": {
            "enabled": True,
            "start_timeout_seconds": 180,
            "max_runtime_seconds": settings.max_runtime_seconds,
            "free_slots_after_run_end_seconds": 60,
        },
        # A loaded machine needs longer than Dagster's minute to import everything (tried on 1.13.27:
        # the UI ended with a traceback).
        "code_servers": {"local_startup_timeout": 180},
        # A crashed worker is tried once more; a failing step is not: bad data stays bad.
        "run_retries": {"enabled": True, "max_retries": 1, "retry_on_asset_or_op_failure": False},
        # Each municipality has a warehouse of its own, so the pool holds as many runs as there are
        # workers: none waits for another's warehouse. Two runs of the same one do exclude each other.
        "concurrency": {
            "pools": {"default_limit": settings.max_concurrent_runs, "granularity": "run"},
            "runs": {
                "max_concurrent_runs": settings.max_concurrent_runs,
                "tag_concurrency_limits": [
                    {
                        "key": "dagster/partition",
                        "value": {"applyLimitPerUniqueValue": True},
                        "limit": 1,
                    }
                ],
            },
        },
    }
    if settings.postgres_url:
        configuration["storage"] = {
            "postgres": {"postgres_url": {"env": "PM_POSTGRES_URL"}}
        }
    else:
        configuration["storage"] = {
            "custom": {
                "module": "pm_pipeline.components.event_storage",
                "class": "OpenStorage",
                "config": {"base_dir": str(settings.dagster_home)},
            }
        }
    return configuration


def prepare_dagster_home(settings: Settings) -> Path:
    """Write ``dagster.yaml`` and point ``DAGSTER_HOME`` at its folder; the same each time."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = yaml.safe_dump(instance_configuration(settings), sort_keys=False)
    path = home / "dagster.yaml"
    if not path.exists() or path.read_text() != text:
        temporary = path.with_suffix(".tmp")
        temporary.write_text(text)
        temporary.replace(path)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    return home
