"""Keys of the wrong kind, rotated and new: told by what the vendor answers, mended without a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from local.vendor import ADMIN_KEY, ANALYTICS_KEY, REVOKED_ANALYTICS_KEY, SimulatedVendor, World
from local.vendor.endpoints import REPORT_PATH
from local.vendor.worlds import NAMESAKE
from shared.app import App
from shared.jobs.refresh import refresh
from shared.sources.claude_code_admin import NAME as ADMIN
from shared.sources.claude_enterprise_analytics import NAME as ANALYTICS
from tests.conftest import MakeApp, TestClock
from tests.jobs.stage import ago, manifest, small_world
from tests.sources.vaults import Identity, Secrets, certificate, options, vault_of

__all__ = ["certificate"]

Serve = Callable[..., SimulatedVendor]


def access(app: App, source: str) -> tuple[str, str, str]:
    found = manifest(app, source).head.access
    return found.state, found.detail, found.action


@pytest.fixture
def in_vault(make_app: MakeApp, certificate: Path) -> Callable[..., App]:
    """Makes apps whose keys stand in a vault at that URL, by the names of their secrets."""

    def make(vendor: SimulatedVendor, url: str, **told: str) -> App:
        keys = {"ANTHROPIC_ADMIN_KEY": "", "ANTHROPIC_ANALYTICS_KEY": ""}
        app = make_app(vendor, **{**keys, "KEY_VAULT_URL": url, "BACKFILL_DAYS": "4", **told})
        vault = {"credential": Identity(), "vault_options": options(certificate)}
        return replace(app, vault=vault)

    return make


def test_keys_that_were_exchanged_are_told_where_they_belong(serve: Serve, make_app: MakeApp) -> None:
    """Each API answers the other's key: an error of its own, with the setting that it belongs to. Stored
    where they belong, both sources answer."""
    vendor = serve("both-keys")
    exchanged = {"ANTHROPIC_ADMIN_KEY": ANALYTICS_KEY, "ANTHROPIC_ANALYTICS_KEY": ADMIN_KEY}
    app = make_app(vendor, **{**vendor.world.settings, **exchanged, "BACKFILL_DAYS": "4"})
    assert refresh(app, "timer").outcome == "failed"
    told = {source: access(app, source) for source in (ADMIN, ANALYTICS)}
    assert {state for state, _, _ in told.values()} == {"denied"}
    assert "is an Enterprise Analytics API key" in told[ADMIN][1]
    assert told[ADMIN][2].startswith("Store it as ANTHROPIC_ANALYTICS_KEY ")
    assert "is an Admin API key" in told[ANALYTICS][1]
    assert told[ANALYTICS][2].startswith("Store it as ANTHROPIC_ADMIN_KEY ")
    right = make_app(vendor, **{**vendor.world.settings, "BACKFILL_DAYS": "4"})
    assert refresh(right, "timer").outcome == "ok"
    assert {access(app, source)[0] for source in (ADMIN, ANALYTICS)} == {"ok"}


@pytest.mark.parametrize(
    ("key", "state", "words"),
    [
        (REVOKED_ANALYTICS_KEY, "denied", "wrong or revoked"),
        ("@Microsoft.KeyVault(VaultName=v;SecretName=k)", "denied", "unresolved Key Vault reference"),
        ("sk-ant-api01 cut", "denied", "characters that no key has"),
        ("sk-ant-api01-of-a-team", "locked", "does not exist"),
    ],
)
def test_an_analytics_key_that_cannot_be_used_says_why(
    key: str, state: str, words: str, serve: Serve, make_app: MakeApp
) -> None:
    """In its own words and with its own settings; the Admin source beside it goes on."""
    vendor = serve("both-keys")
    told = {**vendor.world.settings, "ANTHROPIC_ANALYTICS_KEY": key, "BACKFILL_DAYS": "4"}
    app = make_app(vendor, **told)
    refresh(app, "timer")
    found = access(app, ANALYTICS)
    assert (found[0], access(app, ADMIN)[0]) == (state, "ok")
    assert words in found[1]
    assert found[2]
    assert key not in "".join(found)


def test_a_key_that_was_rotated_is_used_in_the_same_run(
    serve: Serve, in_vault: Callable[..., App], certificate: Path
) -> None:
    """The vendor refuses the one that was read when the run began: the vault has another by then."""
    vendor = serve(small_world())
    vendor.world.key = "sk-ant-admin01-second-and-longer"
    secrets: Secrets = {"admin": [ADMIN_KEY, vendor.world.key]}
    with vault_of(secrets, certificate) as url:
        app = in_vault(vendor, url, ANTHROPIC_ADMIN_KEY_SECRET="admin")
        assert refresh(app, "timer").outcome == "ok"
        assert [one.status for one in vendor.requests].count(401) == 1
        secrets["admin"] = ADMIN_KEY
        assert refresh(app, "timer").outcome == "failed"
        assert access(app, ADMIN)[0] == "denied"


NAMESAKES_KEY = "sk-ant-admin01-of-the-namesake"


def exchange(world: World) -> None:
    """From now on the key that works is another organisation's, which has nobody in it."""
    world.key, world.organization = NAMESAKES_KEY, NAMESAKE
    for age in range(6):
        world.restate(ago(age), 0)


def assert_asked_in_vain(app: App) -> None:
    """What is wrong is said in its own words, and no day was believed to be empty."""
    state, detail, _ = access(app, ADMIN)
    assert (state, "another organisation" in detail) == ("denied", True)
    assert "empty" not in {entry.content for entry in manifest(app).days.values()}


def test_a_key_of_another_organisation_in_the_place_of_one_that_is_refused(
    serve: Serve, in_vault: Callable[..., App], certificate: Path
) -> None:
    """It comes while days are fetched, and an empty answer does not say whose it is: the key is asked before
    its first answer is kept. With the right one back every day is there."""
    world = small_world(6)
    right = ADMIN_KEY, world.organization
    secrets: Secrets = {"admin": [ADMIN_KEY, NAMESAKES_KEY]}

    def after_two_days(_: float) -> None:
        if sum(one.path == REPORT_PATH for one in vendor.requests) == 2:
            exchange(world)

    vendor = serve(world, latency_ms=1, sleep=after_two_days)
    with vault_of(secrets, certificate) as url:
        told = {"ANTHROPIC_ADMIN_KEY_SECRET": "admin", "BACKFILL_DAYS": "6", "FETCH_CONCURRENCY": "1"}
        app = in_vault(vendor, url, **told)
        assert refresh(app, "timer").outcome == "partial"
        assert_asked_in_vain(app)
        secrets["admin"] = ADMIN_KEY
        world.key, world.organization = right
        world.forget_restatements()
        assert refresh(app, "timer").outcome == "ok"
    assert [entry.content for entry in manifest(app).days.values()] == ["rows"] * 6


def test_a_key_of_another_organisation_between_two_runs_of_a_backfill(
    serve: Serve, in_vault: Callable[..., App], certificate: Path
) -> None:
    """Whoever is asked with another key than the last is asked first who it sees, however lately that was."""
    vendor = serve(small_world(6))
    secrets: Secrets = {"admin": ADMIN_KEY}
    with vault_of(secrets, certificate) as url:
        told = {"ANTHROPIC_ADMIN_KEY_SECRET": "admin"}
        assert refresh(in_vault(vendor, url, **told, BACKFILL_DAYS="2"), "timer").outcome == "ok"
        exchange(vendor.world)
        secrets["admin"] = NAMESAKES_KEY
        app = in_vault(vendor, url, **told, BACKFILL_DAYS="6")
        assert refresh(app, "timer").outcome == "failed"
        assert_asked_in_vain(app)
    assert len(manifest(app).days) == 2


def test_a_key_that_may_be_another_is_asked_whose_it_is(serve: Serve, make_app: MakeApp) -> None:
    """A process does not know whether its environment's key is that of the one before: one question says so,
    where looking around would read everybody's names each time that an instance starts."""
    vendor = serve(small_world(6))
    app = make_app(vendor, BACKFILL_DAYS="2")
    assert refresh(app, "timer").outcome == "ok"
    for questions in (1, 0):
        before = len(vendor.requests)
        assert refresh(replace(app, process="another"), "timer").outcome == "ok"
        asked = [one.path for one in vendor.requests[before:] if one.path != REPORT_PATH]
        assert asked == ["/v1/organizations/me"] * questions
    exchange(vendor.world)
    app = make_app(vendor, BACKFILL_DAYS="6", ANTHROPIC_ADMIN_KEY=NAMESAKES_KEY)
    assert refresh(replace(app, process="a third"), "timer").outcome == "failed"
    assert_asked_in_vain(app)


def test_a_new_key_of_a_locked_source_is_tried_at_once(
    serve: Serve, in_vault: Callable[..., App], clock: TestClock, certificate: Path
) -> None:
    """By the secret's version, of which the manifest keeps nothing that the key could be told from. The same
    key waits for six hours; a vault that does not answer has no news."""
    vendor = serve("enterprise")
    assert vendor.world.enterprise is not None
    secrets: Secrets = {"analytics": "sk-ant-api01-of-a-team"}
    with vault_of(secrets, certificate) as url:
        told = {"ANTHROPIC_ANALYTICS_KEY_SECRET": "analytics", "EXPECTED_ORGANIZATIONS": ""}
        app = in_vault(vendor, url, **told)
        for _ in range(3):
            assert refresh(app, "timer").outcome == "skipped"
            clock.move(hours=1)
        assert len(vendor.requests) == 1
        secrets["analytics"] = 500
        assert refresh(app, "timer").outcome == "skipped"
        secrets["analytics"] = ANALYTICS_KEY
        assert refresh(app, "timer").outcome == "ok"
    assert ANALYTICS_KEY not in repr(manifest(app, ANALYTICS))
