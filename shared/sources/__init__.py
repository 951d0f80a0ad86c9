"""What arrives. One module a source; each ends in observations with their provenance.

A new live source is one module here and one line below; a new kind of CSV is one entry in
``exports.kinds``. A live source's module has ``NAME``, ``POPULATIONS``, ``fetch_day`` and ``read_day``.
Nothing is imported here: a request that only reads must not pay for an HTTP client.
"""

from collections.abc import Mapping
from datetime import timedelta

#: The modules of this package that ask a vendor's API, by name, and how long after a day's end its
#: figures may still grow.
LIVE: Mapping[str, timedelta] = {"claude_code_admin": timedelta(hours=2)}
