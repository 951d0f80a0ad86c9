"""Processes that we start, and that never outlive us."""

from local.children.child import Child, ChildError

__all__ = ["Child", "ChildError"]
