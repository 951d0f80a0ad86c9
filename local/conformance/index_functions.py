"""Indexes an app as Azure does and prints what was found, as JSON. Runs in the conformance environment.

`python index_functions.py FOLDER` is the one adapter to `azure_functions_runtime`, whose `native_invocation`
is internal to Microsoft: when a new version breaks it, it breaks here only. The runtime speaks protobuf with
its host; what it needs of these messages is that they keep what they are given.
"""

import asyncio
import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime import (
    functions_metadata_request,
    start_threadpool_executor,
    worker_init_request,
)
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.native_invocation import invocation_request_native


class Message(SimpleNamespace):
    """A protobuf message, for a reader who knows its fields."""


class StatusResult(Message):
    Failure, Success = 0, 1


class BindingInfo(Message):
    out, inout = 1, 2


class Messages:
    """Stands for the module of Azure's generated protobuf classes."""

    StatusResult = StatusResult
    BindingInfo = BindingInfo

    def __getattr__(self, name: str) -> type[Message]:
        return Message


async def index(folder: str) -> dict[str, Any]:
    """The functions of the app in `folder`, or the error with which Azure would refuse them."""
    start_threadpool_executor()
    init = Message(capabilities={}, function_app_directory=folder)
    request = Message(
        request=Message(worker_init_request=init), properties={"host": "127.0.0.1", "protos": Messages()}
    )
    started = await worker_init_request(request)
    if started.result.status != StatusResult.Success:
        return {"error": f"{started.result.exception.message}\n{started.result.exception.stack_trace}"}
    found = (await functions_metadata_request(request)).function_metadata_results
    functions = {one.name: [json.loads(text) for text in one.raw_bindings] for one in found}
    ids = {one.name: one.function_id for one in found}
    return {
        "functions": functions,
        "health": await get(ids["get_health"]) if "get_health" in ids else None,
        "check": await post(ids["check_export"]) if "check_export" in ids else None,
        "ingest": await hand_over(ids["ingest_export"]) if "ingest_export" in ids else None,
    }


async def hand_over(function_id: str) -> dict[str, Any]:
    """Runs a blob function that takes `blob`, with a reference as the host makes it; the error, if any."""
    named = {"Connection": "DATA_STORAGE", "ContainerName": "drop", "BlobName": "team.csv"}
    reference = Message(content=json.dumps(named).encode())
    _, _, _, error, _ = await invocation_request_native(
        "conformance", function_id, [("blob", Datum(reference, "model_binding_data"))], {}
    )
    return {"error": error}


async def get(function_id: str) -> dict[str, Any]:
    """GETs an HTTP function that takes `req`; its status and its body."""
    return await ask(function_id, "GET", "health", {}, b"")


async def post(function_id: str) -> dict[str, Any]:
    """POSTs bytes that are no text to an HTTP function that takes `req`; its status and its body."""
    headers = {"Content-Type": "application/octet-stream", "X-File-Name": "team.csv"}
    return await ask(function_id, "POST", "exports/check", headers, b"\xff\x00")


async def ask(
    function_id: str, method: str, path: str, headers: dict[str, str], body: bytes
) -> dict[str, Any]:
    http = {
        "method": Datum(method, "string"),
        "url": Datum(f"http://127.0.0.1/api/{path}", "string"),
        "headers": {name: Datum(value, "string") for name, value in headers.items()},
        "query": {},
        "params": {},
        "body": Datum(body, "bytes"),
    }
    succeeded, returned, _, error, trace = await invocation_request_native(
        "conformance", function_id, [("req", Datum(http, "http"))], {}
    )
    if not succeeded:
        return {"error": f"{error}\n{trace}"}
    value = returned.value
    return {"status": int(value["status_code"].value), "body": json.loads(value["body"].value)}


def main() -> None:
    folder = sys.argv[1]
    os.chdir(folder)
    sys.path.insert(0, folder)
    print(json.dumps(asyncio.run(index(folder))))


if __name__ == "__main__":
    main()
