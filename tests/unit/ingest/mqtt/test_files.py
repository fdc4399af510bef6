import resource
import socket

import pytest

from statusportal.ingest.mqtt.listener import _lifted, _room_for


@pytest.fixture
def files():
    """Leave the number of files that this process may open as it was."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_room_is_made_as_far_as_the_system_grants_it(files):
    hard = files[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, hard))

    asked, too_many = _room_for(100), _room_for(50_000_000)

    assert asked == 100
    assert 0 < too_many < 50_000_000


@pytest.mark.usefixtures("files")
def test_socket_is_moved_out_of_the_reach_of_select_and_still_speaks():
    _room_for(100)
    near, far = socket.socketpair()

    with _lifted(near) as lifted, far:
        lifted.sendall(b"still here")

        assert (near.fileno(), lifted.fileno() >= 1_024) == (-1, True)
        assert far.recv(20) == b"still here"
