"""What is concluded. Pure: no I/O, no clock, no azure and no httpx import (a test holds it)."""
