"""The demo's files: whole, in both languages, and in the product's voice."""

import re
from datetime import UTC, datetime

import msgspec
import pytest

from devices.adapters.simulated.kinds import KINDS
from devices.adapters.simulated.machine import SILENT
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, SignalRule
from statusportal.cli.demo_fleet.content import read_entries, read_machines, read_models, read_people
from statusportal.cli.demo_fleet.lives import troubles_of
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Faults
from statusportal.foundation.ids import new_id
from statusportal.passwords.rules import check_password
from statusportal.reasons.sentences import limit_broken

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
LONGEST_REASON = 120
PEOPLE = read_people()
MACHINES = {one.serial: one for one in read_machines().machines}
MODELS = {one.slug: one for one in read_models()}
ENTRIES = read_entries()
LIMITS = [(model, signal, limit) for model in MODELS.values() for signal in model.signals for limit in signal.limits]
BY_LIMIT = pytest.mark.parametrize(("model", "signal", "limit"), LIMITS, ids=[limit.code for _, _, limit in LIMITS])


def texts(value):
    """Give every text inside a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    return [text for one in value for text in texts(one)] if isinstance(value, list | tuple) else []


def said_on_the_page(model, signal, limit):
    rules = ModelRules(
        expected_interval_s=model.expected_interval_s,
        signals=(SignalRule(signal.name, signal.label_en, signal.label_da, signal.unit, signal.kind, signal.decimals),),
    )
    rule = LimitRule(id=new_id(), signal_name=signal.name, **msgspec.structs.asdict(limit))
    return limit_broken(rule, rules, limit.threshold)


@BY_LIMIT
def test_code_speaks_both_languages(model, signal, limit):
    words = (limit.sentence_en, limit.sentence_da, limit.advice_en, limit.advice_da)

    assert all(words)
    assert limit.sentence_en != limit.sentence_da
    assert limit.advice_en != limit.advice_da


@BY_LIMIT
def test_reason_is_short_and_wholly_filled(model, signal, limit):
    reason = said_on_the_page(model, signal, limit)

    assert [len(reason[locale]) for locale in ("en", "da") if len(reason[locale]) > LONGEST_REASON] == []
    assert not re.search(r"[{}]", reason["en"] + reason["da"])


def test_every_signal_has_both_labels_and_is_one_of_its_machine():
    kinds = read_machines().kinds

    unnamed = [one.name for model in MODELS.values() for one in model.signals if not (one.label_en and one.label_da)]
    declared = {slug: {one.name for one in model.signals} for slug, model in MODELS.items()}
    simulated = {slug: {one.name for one in KINDS[kind].signals} for slug, kind in kinds.items()}
    assert unnamed == []
    assert declared == simulated


def test_nobody_shouts():
    everything = [PEOPLE, read_machines(), *MODELS.values(), *ENTRIES]

    said = [text for one in everything for text in texts(msgspec.to_builtins(one))]
    assert [text for text in said if "!" in text] == []


def test_password_is_taken_for_everybody():
    faults = Faults()

    for one in PEOPLE.people:
        check_password(faults, f"/{one.key}", PEOPLE.password, (one.name, one.email))

    faults.close()


def test_every_role_is_there():
    staff = {one.staff for one in PEOPLE.people if one.staff}
    members = {(one.organisation, one.role) for one in PEOPLE.people if one.organisation}
    customers = [one.slug for one in PEOPLE.organisations if one.kind == "customer"]

    assert staff == set(StaffRole)
    assert members == {(slug, role) for slug in customers for role in MemberRole}


def test_every_name_in_the_files_is_known():
    keys = {one.key for one in PEOPLE.people}
    slugs = {one.slug for one in PEOPLE.organisations}
    codes = {"offline", ""} | {limit.code for _, _, limit in LIMITS}

    assert {one.model for one in MACHINES.values()} <= MODELS.keys()
    assert {one.owner for one in MACHINES.values()} <= slugs
    assert {entry.device for entry in ENTRIES} <= MACHINES.keys()
    assert {entry.code for entry in ENTRIES} <= codes
    assert {said.by for entry in ENTRIES for said in entry.talk} <= keys
    assert {right for one in read_machines().grants for right in one.rights} <= set(Right.__members__)


def test_machines_fail_in_ways_they_know():
    kinds = read_machines().kinds
    wrong = [
        (serial, one.mode)
        for serial, machine in MACHINES.items()
        for one in [*machine.trouble, *([machine.drift] if machine.drift else [])]
        if one.mode not in {SILENT, *KINDS[kinds[machine.model]].failure_modes}
    ]

    assert wrong == []


def test_troubles_of_a_machine_lie_in_the_past_and_apart():
    for machine in MACHINES.values():
        troubles = troubles_of(machine, NOW)
        ends = [to_ms(NOW) if one.to_ms is None else one.to_ms for one in troubles]

        assert all(one.from_ms < end <= to_ms(NOW) for one, end in zip(troubles, ends, strict=True))
        assert all(end < later.from_ms for end, later in zip(ends, troubles[1:], strict=False))


def test_every_reply_answers_something_said_before():
    for entry in ENTRIES:
        keys = set()
        for said in entry.talk:
            assert said.reply_to in {"", *keys}
            assert bool(said.body) != (said.to is not None)
            assert said.key or not (said.edited or said.deleted_after)
            keys.add(said.key)


def test_the_archive_speaks_both_languages():
    bodies = [said.body for entry in ENTRIES for said in entry.talk if said.body]

    assert len(ENTRIES) >= 25
    assert sum(bool(re.search(r"\b(og|ikke|den|er)\b", body)) for body in bodies) > 30
    assert sum(bool(re.search(r"\b(and|not|the|is)\b", body)) for body in bodies) > 60
