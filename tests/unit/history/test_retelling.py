"""What holds of history told again: neither from where nor when it is told matters, and silence stays silence."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from statusportal.derivation.vocabulary import Observation
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.history.retelling import Piece, overlay, retell
from tests.unit.derivation.test_derive_properties import FRAME, NOON, batches

LATER = NOON + 4 * 3_600_000


def in_order(batch):
    return sorted((one for one in batch if not one.is_retained), key=lambda one: (one.at_ms, one.signal))


@given(batches, st.integers(0, 30))
def test_history_is_the_same_from_wherever_it_is_told_again(batch, cut):
    ordered = in_order(batch)
    ahead = [one for one in ordered[:cut] if not ordered[cut:] or one.at_ms < ordered[cut].at_ms]
    behind = ordered[len(ahead) :]
    if not ahead or not behind:
        return

    whole = retell(FRAME, None, ordered, LATER)
    base = retell(FRAME, None, ahead, ahead[-1].at_ms)
    rest = retell(FRAME, base.state, behind, LATER)

    ended = [one for one in base.active if one.to_ms is not None]
    assert [(one.code, one.from_ms, one.to_ms) for one in whole.active] == sorted(
        [(one.code, one.from_ms, one.to_ms) for one in (*ended, *rest.active)], key=lambda one: (one[1], one[0])
    )
    assert rest.state.conditions == whole.state.conditions
    assert rest.state.known_health is whole.state.known_health


@given(batches, st.integers(0, 10**9))
def test_when_it_is_told_changes_nothing_of_what_is_told(batch, wait_ms):
    ordered = in_order(batch)
    if not ordered:
        return

    assert retell(FRAME, None, ordered, LATER).active == retell(FRAME, None, ordered, LATER + wait_ms).active


@given(batches)
def test_pieces_stand_one_behind_the_other_and_the_last_lasts(batch):
    ordered = in_order(batch)
    if not ordered:
        return
    known = retell(FRAME, None, ordered, LATER).known
    stored = [Piece(NOON, LATER, Health.NORMAL, Connectivity.ONLINE, {}), *[_silence(LATER, None)]]

    for pieces in (known, overlay(stored, known)):
        assert all(one.to_ms == other.from_ms for one, other in itertools.pairwise(pieces))
        assert pieces[-1].to_ms is None
    assert overlay(stored, known)[-1] == stored[-1], "who is silent now is not known now"


def test_silence_is_known_only_where_samples_tell_of_it():
    hot = [Observation("a", at_ms, 55.0) for at_ms in range(NOON, NOON + 600_000, 60_000)]
    known = retell(FRAME, None, hot, LATER).known
    stored = [_silence(NOON - 60_000, NOON + 3_600_000), Piece(NOON + 3_600_000, None, Health.NORMAL, ONLINE, {})]

    found = overlay(stored, known)

    assert [(one.from_ms - NOON, one.health, one.connectivity) for one in found] == [
        (-60_000, Health.UNKNOWN, Connectivity.OFFLINE),
        (0, Health.OFF_SPEC, Connectivity.OFFLINE),
        (840_000, Health.UNKNOWN, Connectivity.OFFLINE),
        (3_600_000, Health.OFF_SPEC, Connectivity.ONLINE),
    ]


ONLINE = Connectivity.ONLINE


def _silence(from_ms, to_ms):
    return Piece(from_ms, to_ms, Health.UNKNOWN, Connectivity.OFFLINE, {})
