"""What the tests of faults start from: a second empty account, for what would have been."""

from tests.azurite import storage as other_storage

__all__ = ["other_storage"]
