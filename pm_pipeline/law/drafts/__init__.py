"""A change of law before it is law: its draft, the law with it, the law without it.

Nothing here is read by a run: drafts are seen by ``law check --draft``, ``law diff`` and
``law dry-run`` only, and become seeds by ``law adopt``.
"""

from pm_pipeline.law.drafts.overlay import Overlay, overlay
from pm_pipeline.law.drafts.reading import DRAFT_SEEDS, Draft, draft_ids, read_draft
from pm_pipeline.law.drafts.without import without

__all__ = ["DRAFT_SEEDS", "Draft", "Overlay", "draft_ids", "overlay", "read_draft", "without"]
