"""Whose row it is: addresses, keys and names, each one person's or nobody's."""

from __future__ import annotations

from shared.adoption.directory import Directory

TOLD = Directory(aliases={"e2": "e1"}, keys={"k1": "e2", "n1": "e3"}, names={"n1": "e4", "n2": "e2"})


def test_an_address_is_its_person_and_an_alias_is_the_other_one() -> None:
    """Aliases join, whoever they belong to."""
    assert [TOLD.person(one) for one in ("e9", "e1", "e2")] == ["e9", "e1", "e1"]


def test_a_mapped_key_is_its_owners_and_an_unmapped_one_nobodys() -> None:
    """The owner goes through the aliases as well."""
    assert [TOLD.person(one) for one in ("k1", "k2")] == ["e1", None]


def test_a_bare_name_is_a_mapped_keys_before_it_is_a_persons() -> None:
    """A name is matched by the keys file, then by the roster, else it is nobody's."""
    assert [TOLD.person(one) for one in ("n1", "n2", "n3")] == ["e3", "e1", None]


def test_what_the_admin_says_of_a_key_stands_before_what_the_vendor_tells() -> None:
    """The vendor's mapping fills the gaps only."""
    both = TOLD.with_keys({"k1": "e7", "k2": "e8"})
    assert [both.person(one) for one in ("k1", "k2")] == ["e1", "e8"]
