"""A second, empty account: the same files in another order."""

from tests.azurite import storage as other_storage

__all__ = ["other_storage"]
