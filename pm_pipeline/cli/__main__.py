"""`python -m pm_pipeline.cli`, the same as `pm-pipeline`."""

from pm_pipeline.cli.main import main

main()
