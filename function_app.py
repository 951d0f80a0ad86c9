"""The doors: one short function each, no logic. What stands behind them is in ``shared``."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import azure.functions as func

from shared.blob_event import BlobEvent

if TYPE_CHECKING:
    from shared.app import App

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@cache
def the_app() -> App:
    """The app of this process, made when a door first needs it; bad settings are said at every door."""
    from shared.app import App

    return App.from_environment(os.environ)


@app.timer_trigger("timer", "%REFRESH_SCHEDULE%", run_on_startup=False, use_monitor=True)
def refresh_on_schedule(timer: func.TimerRequest, context: func.Context) -> None:
    """Fetch the days that can have changed, rebuild what is behind, pick up drops, sweep."""
    from shared.events import invoked
    from shared.jobs.refresh import refresh

    trigger = "late timer" if timer.past_due else "timer"
    invoked(context.invocation_id, lambda: refresh(the_app(), trigger))


@app.blob_trigger(
    "blob",
    "drop/{name}",
    "DATA_STORAGE",
    source=func.BlobSource(os.environ.get("EXPORT_TRIGGER", "EventGrid")),
)
def ingest_export(blob: BlobEvent, context: func.Context) -> None:
    """Recognise a dropped export, keep it raw, record it, leave a receipt."""
    from shared.events import invoked
    from shared.jobs.ingest import receive

    invoked(context.invocation_id, lambda: receive(the_app(), blob.name))


@app.queue_trigger("message", "jobs", "DATA_STORAGE")
def run_job(message: func.QueueMessage, context: func.Context) -> None:
    """Do what a typed message of the jobs queue asks for."""
    from shared.events import invoked
    from shared.jobs.dispatch import run_job

    invoked(context.invocation_id, lambda: run_job(the_app(), message.get_body()))


@app.route("adoption", methods=["GET"])
def get_adoption(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """The answer, the periods, the trust checks; no names."""
    from shared.api import adoption, door

    return door.answer(req, context, lambda request: adoption.get_adoption(the_app(), request))


@app.route("engineers", methods=["GET"])
def get_engineers(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """The cohorts: counts for every reader, names for the role that may see them."""
    from shared.api import door, engineers

    return door.answer(req, context, lambda request: engineers.get_engineers(the_app(), request))


@app.route("status", methods=["GET"])
def get_status(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """What each source sees, expected against seen; coverage; runs and receipts."""
    from shared.api import door, status

    return door.answer(req, context, lambda request: status.get_status(the_app(), request))


@app.route("exports/check", methods=["POST"])
def check_export(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """What would become of an export, before anything is stored."""
    from shared.api import door, exports

    return door.answer(req, context, lambda request: exports.check_export(the_app(), request))


@app.route("exports", methods=["POST"])
def upload_export(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Put an export into the drop container."""
    from shared.api import door, exports

    return door.answer(req, context, lambda request: exports.upload_export(the_app(), request))


@app.route("receipts/{id}", methods=["GET"])
def get_receipt(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """The receipt of an uploaded export, or that it waits."""
    from shared.api import door, exports

    return door.answer(req, context, lambda request: exports.get_receipt(the_app(), request))


@app.route("health", methods=["GET"])
def get_health(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Liveness, without data or secrets."""
    from shared.api import door, health

    return door.answer(req, context, lambda request: health.get_health(request, demo=door.is_demo()))


@app.route("openapi.json", methods=["GET"])
def get_openapi(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """The contract of all these, without data."""
    from shared.api import door, openapi

    return door.answer(req, context, lambda request: openapi.get_openapi(request, demo=door.is_demo()))
