"""What the trust checks are told: out of the stored heads, and what the operator says should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.adoption.advice import next_look
from shared.adoption.diary import Diary, diary_of
from shared.adoption.overdue import overdue
from shared.adoption.trust import Evaluation, evaluate
from shared.adoption.trust_exports import ExportsEvidence
from shared.adoption.trust_live import SUBSCRIPTION, SourceEvidence
from shared.heads import Head
from shared.records import Overdue, PeriodRow
from shared.sources import LIVE

if TYPE_CHECKING:
    from shared.settings import Settings
    from shared.store.manifests import Heads


class Judge:
    """Says how far rows can be trusted, from one reading of the evidence; no vendor is called."""

    def __init__(self, settings: Settings, heads: Heads, now: datetime) -> None:
        self.diary = diary_of_exports(settings, heads)
        self.sources = _sources(settings, heads)
        self._exports = ExportsEvidence(
            heads.exports,
            settings.expected_organizations,
            timedelta(days=settings.export_cadence_days),
            next_look(self.diary, now),
        )
        self._now = now

    def __call__(self, rows: Sequence[PeriodRow]) -> Evaluation:
        exports = replace(self._exports, overdue=tuple(self.overdue(rows)))
        return evaluate(self.sources, exports, rows, self._now)

    def overdue(self, rows: Sequence[PeriodRow]) -> list[Overdue]:
        """Which files these rows wait for."""
        return overdue(self.diary, self._exports.head, rows, self._exports.cadence, self._now)


def diary_of_exports(settings: Settings, heads: Heads) -> Diary:
    """When the exports were looked at, in the admin's own days."""
    lag = timedelta(hours=settings.export_lag_hours)
    return diary_of(heads.exports, settings.expected_organizations, settings.export_timezone, lag)


def _sources(settings: Settings, heads: Heads) -> list[SourceEvidence]:
    """Each live source that was ever asked or is configured."""
    noted = heads.exports.noted
    seen = noted.roster_seen
    return [
        SourceEvidence(
            source,
            heads.live.get(source, Head()),
            settings.expected_organizations.get(live.surface),
            live.lag or heads.live.get(source, Head()).lag,
            surface=live.surface,
            key=live.key.called,
            roster=seen[source].expected if source in seen else None,
            roster_seen=seen[source].seen if source in seen else None,
            exported=seen[source].roster - seen[source].expected if source in seen else 0,
            has_roster=noted.has_roster,
            silence=noted.silences.get(source),
            departed=noted.departed.get(source),
            people_by_keys=source in noted.people_by_keys,
            repeats=noted.repeats.get(source, ()),
            odd_costs=noted.odd_costs.get(source, ()),
            canaries=noted.canaries.get(source),
            disagreements=tuple(one for one in noted.disagreements if source in (one.source, one.beside)),
            miscounted=noted.miscounted.get(source, ()),
            shown_elsewhere=_subscription_months(heads, but=source),
        )
        for source, live in LIVE.items()
        if source in heads.live or settings.has_key(live.key.setting)
    ]


def _subscription_months(heads: Heads, *, but: str) -> frozenset[str]:
    """The months in which live sources show people on subscriptions, but for one source."""
    return frozenset(
        month
        for source, head in heads.live.items()
        if source != but and head.people_rows
        for month, populations in head.populations_by_month.items()
        if SUBSCRIPTION in populations
    )
