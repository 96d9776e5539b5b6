"""Where the real logs lie: in ``PM_TEST_LOGS``, or in ``shared/logs`` beside the repository."""

import os
from pathlib import Path

LOGS = Path(os.environ.get("PM_TEST_LOGS", Path(__file__).resolve().parents[2] / "shared" / "logs"))
