"""A page beside the functions: the files of a folder at the root of the same port, as a web server has them.

Azure serves none: there the page is wherever its owner puts it.
"""

import mimetypes
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

HASHED = "assets"
"""The folder of the files whose names change with their content."""

KEPT = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"

# A browser runs no script of another type, and some systems have one registered.
for _ending, _type in {".js": "text/javascript", ".css": "text/css"}.items():
    mimetypes.add_type(_type, _ending)


class Page(StaticFiles):
    """Answers with the files of `folder` what no function answers; what is neither, `otherwise` does.

    The folder may be made later, or again, while this runs.
    """

    def __init__(self, folder: Path, otherwise: ASGIApp) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._folder = folder
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked_for_a_file = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        app = super().__call__ if asked_for_a_file and self._folder.is_dir() else self._otherwise
        await app(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if any(part.startswith(".") for part in Path(path).parts):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        hashed = Path(path).parts[:1] == (HASHED,)
        response.headers["cache-control"] = KEPT if hashed else ASKED_AGAIN
        response.headers["x-content-type-options"] = "nosniff"
        return response
