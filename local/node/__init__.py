"""Node, and what npm installs for a folder of this checkout, as its lockfile says."""

from local.node.node import ENGINES, InstallationError, Node, node
from local.node.packages import Packages

__all__ = ["ENGINES", "InstallationError", "Node", "Packages", "node"]
