"""Where things stand in a checkout. What the tools write is in `.local/` and `.venv/`, git-ignored."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("SCOREBOARD_STATE") or ROOT / ".local")
"""Another folder for whoever runs a second app beside the developer's own, as a test does."""
