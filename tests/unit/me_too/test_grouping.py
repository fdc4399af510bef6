"""No group of machines tells about one of them."""

from hypothesis import given
from hypothesis import strategies as st

from statusportal.me_too.grouping import FEWEST_SHOWN, Group, Machines, groups_shown

machines = st.builds(
    lambda kind, own, others: Machines(kind, own + others, own),
    st.sampled_from(["", "4.1", "4.2", "5.0"]),
    st.integers(0, 8),
    st.integers(0, 8),
)


def test_groups_under_five_are_left_out_and_the_largest_stands_first():
    rows = [Machines("4.1", 5), Machines("4.2", 4), Machines("4.2", 3), Machines("5.0", 4), Machines("", 9)]

    assert groups_shown(rows) == [Group("4.2", 7), Group("4.1", 5)]


def test_own_machines_do_not_make_a_group_of_others_large_enough():
    assert groups_shown([Machines("4.1", 4, 4), Machines("4.1", 1)]) == []
    assert groups_shown([Machines("4.1", 4, 4)]) == [Group("4.1", 4)]


def test_staff_see_every_group():
    assert groups_shown([Machines("4.1", 1)], fewest=0) == [Group("4.1", 1)]


@given(st.lists(machines, max_size=12))
def test_shown_group_holds_five_of_others_or_none(rows):
    for group in groups_shown(rows):
        others = sum(one.count - one.own for one in rows if one.kind == group.kind)
        assert others == 0 or others >= FEWEST_SHOWN
        assert group.kind
