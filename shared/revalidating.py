"""Stale while revalidating: a reader gets what is there at once, and one reader asks for a refresh.

Reading never waits for the vendor, and never fails because a refresh cannot be asked for.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from shared.asking import is_stale, may_answer
from shared.errors import StoreUnavailable
from shared.events import correlation_id, emit
from shared.sources.live import configured

if TYPE_CHECKING:
    from datetime import datetime

    from shared.app import App
    from shared.store.manifests import Heads

#: How long the elected reader waits for the queue, in seconds and attempts after the first.
BRIEFLY = {"connection_timeout": 2, "read_timeout": 3, "retry_total": 0}


def revalidate(app: App, heads: Heads, now: datetime) -> bool:
    """Whether what is served is stale. Where a refresh could help, it is asked for: once, by whichever reader
    of whichever instance is first, until it was answered or some minutes have passed."""
    heads_asked = [head for source, head in heads.live.items() if source in configured(app.settings)]
    stale = [head for head in heads_asked if is_stale(head, now)]
    if any(may_answer(head, now) for head in stale):
        _ask(app, now)
    return bool(stale)


def _ask(app: App, now: datetime) -> None:
    from shared.store.job_queue import READER, RefreshJob, send_job

    try:
        if app.askings.elect(now):
            send_job(app.storage.queue("jobs"), RefreshJob(READER, correlation_id()), **BRIEFLY)
            emit("refresh.asked")
    except StoreUnavailable as error:
        emit("refresh.not_asked", level=logging.WARNING, detail=str(error))
