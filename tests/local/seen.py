"""What the functions of a sample app saw, for the test that wrote them."""

from typing import Any

seen: list[Any] = []
