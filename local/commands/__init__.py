"""The commands of `dev.py`, one module each. What is imported here needs the standard library only."""

import argparse
from collections.abc import Sequence
from typing import Protocol

from local.commands import azure, baseline, check, drop, job, refresh, start, test


class Command(Protocol):
    """A module of this package; its docstring is its help."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


COMMANDS: dict[str, Command] = {
    "start": start,
    "test": test,
    "check": check,
    "drop": drop,
    "refresh": refresh,
    "job": job,
    "azure": azure,
    "baseline": baseline,
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What the developer typed; ends the program on `--help` and on what nobody understands."""
    parser = argparse.ArgumentParser(
        prog="dev.py", description="Scoreboard on this machine.", epilog="Try: python3 dev.py start --demo"
    )
    choices = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary, _, details = (module.__doc__ or "").partition("\n")
        command = choices.add_parser(
            name,
            help=summary,
            description=f"{summary}\n{details}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
    return parser.parse_args(arguments)


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the command."""
    return COMMANDS[arguments.command].run(arguments)
