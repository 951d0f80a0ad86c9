"""What stops the host from starting."""


class HostError(Exception):
    """The app cannot run here as it is. The text says, a line each, what is wrong and what to do."""
