"""One compiler and one prediction a parameter file for all tests of infra/; without a compiler, one skip."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from local.bicep import INFRA, MISSING, Bicep, find
from tests.infra.prediction import Prediction

#: What stands for people: the object ids that the predictions are made with.
PEOPLE = {
    "00000000-0000-0000-0000-000000000001": "uploaders",
    "00000000-0000-0000-0000-000000000002": "operators",
    "00000000-0000-0000-0000-000000000003": "key officers",
    "00000000-0000-0000-0000-000000000004": "deployers",
}

ENVIRONMENT = {
    **dict(
        zip(
            ("UPLOADER_GROUPS", "OPERATOR_GROUPS", "KEY_OFFICER_GROUPS", "DEPLOYER_PRINCIPALS"),
            PEOPLE,
            strict=True,
        )
    ),
    "AUTH_CLIENT_ID": "00000000-0000-0000-0000-000000000005",
    "CALLER_CLIENT_IDS": "00000000-0000-0000-0000-000000000006",
    "CORS_ORIGINS": "https://dashboard.quux.example",
    "ALERT_EMAILS": "night@quux.example",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a compiler one test that needs it stays, and is skipped with the reason."""
    if find() is not None:
        return
    needing = [item for item in items if "bicep" in getattr(item, "fixturenames", ())]
    gone = needing[1:]
    config.hook.pytest_deselected(items=gone)
    items[:] = [item for item in items if item not in gone]


@pytest.fixture(scope="session")
def bicep() -> Bicep:
    """The compiler."""
    found = find()
    if found is None:
        pytest.skip(MISSING)
    return found


@pytest.fixture(scope="session")
def infra(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of infra/, for the compiler writes beside what it reads."""
    return copy_of_infra(tmp_path_factory.mktemp("infra"))


def copy_of_infra(folder: Path) -> Path:
    """infra/ in another folder, to be changed at will."""
    return Path(shutil.copytree(INFRA, folder / "infra"))


def predict(bicep: Bicep, parameters: Path, **environment: str) -> Prediction:
    """What a deployment would make."""
    return Prediction.of(bicep.predict(parameters, **{**ENVIRONMENT, **environment}))


@pytest.fixture(scope="session")
def first_phase(bicep: Bicep, infra: Path) -> Prediction:
    """What main.bicepparam makes."""
    return predict(bicep, infra / "main.bicepparam")


@pytest.fixture(scope="session")
def second_phase(bicep: Bicep, infra: Path) -> Prediction:
    """What eventSubscription.bicepparam makes."""
    return predict(bicep, infra / "eventSubscription.bicepparam")
