"""A small local Functions host, for a machine without Azure Functions Core Tools. Never deployed.

`python -m local.host` runs the same `function_app.py` that Azure runs. Arguments and answers are decoded and
encoded by azure-functions' own binding registry; around it, the host is ours:

- HTTP: the route prefix of host.json, methods, route parameters; CORS from `Host.CORS` of the settings file;
- timers: NCRONTAB in UTC, one run at a time, missed runs made up for at the start (`past_due`);
- blobs: the container is polled; a blob is handled once per content (receipts), tried as often as host.json
  says, and then reported on the queue `webjobs-blobtrigger-poison`;
- queues: base64 messages, renewed while a function runs, tried as often as host.json says, and then moved to
  `<queue>-poison`;
- a page: the files of one folder at the root, which Azure does not serve;
- `POST /admin/functions/{name}` with `{"input": …}` runs a function now, as in Azure, without a key.

What it does not do: authorization levels and keys, EasyAuth, Event Grid, output bindings other than HTTP,
asynchronous functions, more of `context` than the invocation's id and the function's name, scaling, more than
one queue message or blob of a function at a time, upper and lower case as equals in routes, ending a function
at its `functionTimeout`, retry policies. It listens on 127.0.0.1 only, and answers only requests that were
addressed to this machine by name.
"""
