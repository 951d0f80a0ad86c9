"""Refusals: the errors of contract section 1, with their statuses and types."""

from __future__ import annotations

from collections.abc import Mapping

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class Refusal(Exception):
    """The request is answered with an error of the contract. `status` is one of `ERROR_TYPES`."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def document(self, request_id: str) -> dict[str, object]:
        """The body of the error."""
        return {
            "type": "error",
            "error": {"type": ERROR_TYPES[self.status], "message": self.message},
            "request_id": request_id,
        }
