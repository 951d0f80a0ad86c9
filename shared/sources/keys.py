"""The kinds of key: what each opens, how it usually begins, where one is made, which settings tell it.

A prefix only suggests the kind; the vendor's answer decides.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyKind:
    """One kind of key, in the words of our sentences: ``opens`` the API that it is for, ``made`` where."""

    called: str
    opens: str
    prefix: str
    setting: str
    made: str
    plan: str

    @property
    def secret(self) -> str:
        """The setting that names the Key Vault secret."""
        return f"{self.setting}_SECRET"

    @property
    def where(self) -> str:
        """Where such a key is to be stored."""
        return f"as {self.setting} or as the Key Vault secret that {self.secret} names"

    @property
    def anew(self) -> str:
        """What to do where the key cannot be used."""
        return f"Create an {self.called} {self.made}, and store it {self.where}."

    @property
    def locked(self) -> str:
        """What to do where the plan may not include the API."""
        return (
            "Nothing, if the plan does not include this API: drop the CSV exports. Otherwise use an "
            f"{self.called} ({self.prefix}…) {self.plan}."
        )


ADMIN_KEY = KeyKind(
    called="Admin API key",
    opens="the Admin API",
    prefix="sk-ant-admin",
    setting="ANTHROPIC_ADMIN_KEY",
    made="in the Console of the organisation whose engineers use Claude Code",
    plan="of the Console organisation",
)
ANALYTICS_KEY = KeyKind(
    called="Enterprise Analytics API key",
    opens="the Enterprise Analytics API",
    prefix="sk-ant-api",
    setting="ANTHROPIC_ANALYTICS_KEY",
    made="in claude.ai, as a Primary Owner, with the scope read:analytics",
    plan="of the Enterprise organisation, and see that its Analytics API is switched on",
)
KINDS = (ADMIN_KEY, ANALYTICS_KEY)


def looks_like(text: str, kind: KeyKind) -> KeyKind:
    """The kind that a key's beginning suggests; the one that it was given for where it suggests none."""
    key = text.strip()
    if key.startswith(kind.prefix):
        return kind
    return next((other for other in KINDS if key.startswith(other.prefix)), kind)


def kind_hint(text: str, kind: KeyKind = ADMIN_KEY) -> str:
    """A sentence where the key looks like one for another API; only the vendor's answer decides."""
    likely = looks_like(text, kind)
    if likely is kind:
        return ""
    return f"The key begins with {likely.prefix}, as keys do that cannot use {kind.opens} ({kind.prefix}…)."
