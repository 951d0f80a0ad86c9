"""The host loads what Azure would load, and refuses with a reason what it cannot run."""

import pytest
from azure.functions import meta

from local.host.errors import HostError
from local.host.functions import Function, Running, encode_response, load
from tests.local.conftest import WriteApp
from tests.local.seen import seen

TIMER = """
@app.timer_trigger("timer", "%WHEN%")
def tick(timer: func.TimerRequest) -> None:
    seen.append(timer.past_due)
"""


def test_settings_in_bindings_are_resolved(write_app: WriteApp) -> None:
    """`%NAME%` in a binding stands for the setting of that name."""
    (tick,) = load(write_app(TIMER), {"WHEN": "0 5 * * * *"}, Running())
    assert (tick.name, tick.kind, tick.trigger["schedule"]) == ("tick", "timerTrigger", "0 5 * * * *")


def test_a_setting_that_is_missing_is_named_with_its_function(write_app: WriteApp) -> None:
    """A binding that names a setting which nobody set stops the start, and says which."""
    with pytest.raises(HostError, match="tick: %WHEN% is not set"):
        load(write_app(TIMER), {}, Running())


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (
            "@app.timer_trigger('t', '* * * * * *')\ndef f(other: func.TimerRequest) -> None: ...",
            "must be 't'",
        ),
        (
            "@app.timer_trigger('t', '* * * * * *')\nasync def f(t: func.TimerRequest) -> None: ...",
            "asynchron",
        ),
        (
            "@app.event_grid_trigger('e')\ndef f(e: func.EventGridEvent) -> None: ...",
            "knows no eventGridTrigger",
        ),
        (
            "@app.timer_trigger('t', '* * * * * *')\n@app.queue_output('o', 'q', 'S')\n"
            "def f(t: func.TimerRequest, o: func.Out[str]) -> None: ...",
            "knows no queue;",
        ),
        (
            "@app.blob_trigger('b', 'drop/{name}', 'S')\ndef f(b: func.InputStream) -> None: ...",
            "must be of an SDK type",
        ),
    ],
)
def test_what_the_host_cannot_run_is_refused(write_app: WriteApp, function: str, reason: str) -> None:
    """An app that needs more than this host has does not start half."""
    with pytest.raises(HostError, match=reason):
        load(write_app(function), {}, Running())


def test_two_functions_of_one_name_are_refused(write_app: WriteApp) -> None:
    """As in Azure, where the second would replace the first."""
    twice = "@app.route('a')\ndef f(req): ...\n@app.route('b')\ndef f(req): ...\n"
    with pytest.raises(HostError, match="unique"):
        load(write_app(twice), {}, Running())


def test_an_app_needs_exactly_one_function_app(write_app: WriteApp) -> None:
    """Azure refuses two top-level apps, and so do we."""
    with pytest.raises(HostError, match="2 function apps"):
        load(write_app("other = func.FunctionApp()"), {}, Running())


def test_a_function_may_ask_for_its_context(write_app: WriteApp) -> None:
    """The invocation's id is another each time."""
    folder = write_app(
        """
        @app.route("x")
        def f(req: func.HttpRequest, context: func.Context) -> str:
            seen.append((context.function_name, context.invocation_id))
            return "done"
        """
    )
    (function,) = load(folder, {}, Running())
    empty = {"headers": {}, "query": {}, "params": {}, "body": meta.Datum(b"", "bytes")}
    data = meta.Datum(
        {"method": meta.Datum("GET", "string"), "url": meta.Datum("u", "string"), **empty}, "http"
    )
    assert encode_response(function.invoke(data)).value == "done"
    function.invoke(data)
    assert {name for name, _ in seen} == {"f"}
    assert len(set(seen)) == 2


def test_a_failure_is_an_outcome(write_app: WriteApp, caplog: pytest.LogCaptureFixture) -> None:
    """What a function raises ends its invocation, not the host; the log has the reason."""

    def fail(timer: object) -> None:
        raise ValueError("no such day")

    function = Function("f", "timerTrigger", {"name": "timer"}, fail, Running())
    assert not function.succeeds(meta.Datum("{}", "json"))
    assert "no such day" in caplog.text


def test_stopping_waits_for_what_runs() -> None:
    """A host that stops lets a running invocation finish, for a while."""
    running = Running()
    with running.one():
        assert not running.wait_until_none(0)
    assert running.wait_until_none(0)
