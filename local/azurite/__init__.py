"""The storage emulator: installed from a lockfile, started and stopped in order."""

from local.azurite.azurite import STANDARD_PORTS, Azurite, Ports, connection_string, of_account
from local.azurite.installation import install as install_azurite
from local.azurite.node import InstallationError

__all__ = [
    "STANDARD_PORTS",
    "Azurite",
    "InstallationError",
    "Ports",
    "connection_string",
    "install_azurite",
    "of_account",
]
