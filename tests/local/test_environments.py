"""Virtual environments are made when something about them changed, and only then."""

from pathlib import Path

import pytest

from local.environments import Environment, EnvironmentFailure


def _environment(folder: Path, version: str = "3.11.9") -> Environment:
    requirements = folder / "requirements.txt"
    named = folder / "constraints.txt"
    for file in (requirements, named):
        if not file.exists():
            file.write_text("a==1\n")
    made = Environment(folder / "venv", Path("no-such-python"), version, requirements, (named,))
    made.folder.mkdir(exist_ok=True)
    return made


def _stamp(environment: Environment) -> None:
    (environment.folder / ".made-from").write_text(environment._wanted())


def test_it_is_current_until_a_requirement_or_the_python_changes(tmp_path: Path) -> None:
    """The files that the requirements name count, too."""
    environment = _environment(tmp_path)
    assert not environment.is_current()
    _stamp(environment)
    assert environment.is_current()
    assert not _environment(tmp_path, "3.12.1").is_current()
    (tmp_path / "constraints.txt").write_text("a==2\n")
    assert not environment.is_current()


def test_one_that_could_not_be_made_is_not_current(tmp_path: Path) -> None:
    """An installation that was cut off is begun again next time."""
    environment = _environment(tmp_path)
    _stamp(environment)
    with pytest.raises((EnvironmentFailure, OSError)):
        environment.make()
    assert not environment.is_current()
