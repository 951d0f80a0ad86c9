"""The storage emulator: installed from a lockfile, started and stopped in order."""

from local.azurite.azurite import PACKAGES, STANDARD_PORTS, Azurite, Ports, connection_string, of_account

__all__ = ["PACKAGES", "STANDARD_PORTS", "Azurite", "Ports", "connection_string", "of_account"]
