"""Releases of case systems: known ids, and where a fact can be read."""

from pm_pipeline.law.checks.told import unknown_ids, url_finding
from pm_pipeline.registry import Finding, Registry, SystemRelease


def release_findings(registry: Registry, release: SystemRelease) -> list[Finding]:
    found = unknown_ids(
        release, "system_id", (release.system_id,), {one.system_id for one in registry.systems}
    )
    known = {one.municipality_id: one for one in registry.municipalities}
    if release.municipality_id is not None:
        found += unknown_ids(release, "municipality_id", (release.municipality_id,), known)
    place = known.get(release.municipality_id or "")
    # what happens in a municipality that does not exist can be read nowhere
    if place is None or not place.is_fictional:
        found += url_finding(release, "reference_url")
    return found
