"""The functions of an app, as the app's own decorators declare them."""

import importlib.util
import inspect
import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, get_type_hints
from uuid import uuid4

import azure.functions
import azurefunctions.extensions.base
from azure.functions import meta

from local.host.errors import HostError
from local.host.settings import resolve

log = logging.getLogger("local.host")

TRIGGERS = ("httpTrigger", "timerTrigger", "blobTrigger", "queueTrigger")


class Running:
    """How many invocations run now, so that stopping can wait for them."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait_until_none(self, within: float) -> bool:
        """Whether none runs, after waiting for that for at most `within` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, within)


@dataclass(frozen=True, slots=True)
class Context:
    """What this host knows of `azure.functions.Context`."""

    invocation_id: str
    function_name: str


@dataclass(frozen=True, slots=True)
class Function:
    """One function and its trigger, `%SETTING%`s resolved."""

    name: str
    kind: str
    trigger: Mapping[str, Any]
    call: Callable[..., Any]
    running: Running
    wants_context: bool = False

    def invoke(self, data: meta.Datum, metadata: Mapping[str, meta.Datum] | None = None) -> Any:
        """Decodes the trigger's data as Azure's worker does and calls the function; what it returns."""
        converter: Any = (_sdk_types() if self.kind == "blobTrigger" else _registry()).get(self.kind)
        given = {self.trigger["name"]: converter.decode(data, trigger_metadata=metadata)}
        if self.wants_context:
            given["context"] = Context(str(uuid4()), self.name)
        with self.running.one():
            return self.call(**given)

    def succeeds(self, data: meta.Datum, metadata: Mapping[str, meta.Datum] | None = None) -> bool:
        """`invoke` for triggers that nobody answers: says how it went, and whether it went well."""
        started = monotonic()
        log.info("%s: started", self.name)
        try:
            self.invoke(data, metadata)
        except Exception:  # noqa: BLE001 - whatever the app raises is a failed invocation
            log.error("%s: failed after %.1f s\n%s", self.name, monotonic() - started, traceback.format_exc())
            return False
        log.info("%s: succeeded in %.1f s", self.name, monotonic() - started)
        return True


def encode_response(returned: Any) -> meta.Datum:
    """What an HTTP function returned, as azure-functions encodes it for the host."""
    converter: Any = _registry().get("http")
    datum: meta.Datum = converter.encode(returned, expected_type=None)
    return datum


def load(folder: Path, environment: Mapping[str, str], running: Running) -> list[Function]:
    """The functions that `function_app.py` in `folder` declares; `running` counts their invocations.

    Raises HostError with all that is wrong.
    """
    found: list[Function] = []
    wrong: list[str] = []
    for declared in _declared(folder):
        try:
            found.append(_function(declared, environment, running))
        except HostError as error:
            wrong.append(f"{declared.get_function_name()}: {error}")
    if wrong:
        raise HostError("\n".join(wrong))
    return found


def _registry() -> Any:
    get: Any = azure.functions.get_binding_registry
    return get()


def _sdk_types() -> Any:
    return azurefunctions.extensions.base.get_binding_registry()


def _declared(folder: Path) -> list[azure.functions.Function]:
    file = folder / "function_app.py"
    if not file.is_file():
        raise HostError(f"There is no function_app.py in {folder}.")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("function_app", file)
    assert spec is not None  # noqa: S101 - a .py file has a loader
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules["function_app"] = module
    spec.loader.exec_module(module)
    apps = [value for value in vars(module).values() if isinstance(value, azure.functions.FunctionRegister)]
    if len(apps) != 1:
        raise HostError(f"{file} holds {len(apps)} function apps; Azure wants exactly one.")
    try:
        return apps[0].get_functions()
    except ValueError as error:
        raise HostError(f"{file}: {error}") from None


def _function(
    declared: azure.functions.Function, environment: Mapping[str, str], running: Running
) -> Function:
    bindings = [json.loads(text) for text in declared.get_raw_bindings()]
    trigger = next(binding for binding in bindings if binding["type"].endswith("Trigger"))
    others = sorted({b["type"] for b in bindings if b is not trigger} - {"http"})
    if trigger["type"] not in TRIGGERS or others:
        unknown = [kind for kind in (trigger["type"], *others) if kind not in TRIGGERS]
        raise HostError(f"this host knows no {', '.join(unknown)}; `func start` does.")
    call = declared.get_user_function()
    if inspect.iscoroutinefunction(call):
        raise HostError("this host runs no asynchronous functions; `func start` does.")
    parameters = set(inspect.signature(call).parameters)
    if parameters - {"context"} != {trigger["name"]}:
        raise HostError(f"its argument must be {trigger['name']!r}, the name that its trigger gives.")
    if trigger["type"] == "blobTrigger" and not _takes_a_reference(call, trigger["name"]):
        raise HostError(
            f"its argument {trigger['name']!r} must be of an SDK type: this host hands over no content."
        )
    resolved = {
        key: resolve(value, environment) if isinstance(value, str) else value
        for key, value in trigger.items()
    }
    return Function(
        str(declared.get_function_name()), trigger["type"], resolved, call, running, "context" in parameters
    )


def _takes_a_reference(call: Callable[..., Any], argument: str) -> bool:
    return bool(_sdk_types().check_supported_type(get_type_hints(call).get(argument)))
