"""What every store of files keeps to; an implementation gives the fixture alone."""

from datetime import UTC, datetime, timedelta

import pytest

from statusportal.attachments.blobs import FolderStore

BODY = b"12:31:08 flow 1.9 l/min"
FAR = datetime.now(UTC) + timedelta(days=1)


class BlobStoreConformance:
    """The suite: inherit it, and give `store`."""

    def test_bytes_come_back_as_they_were(self, store):
        assert store.path_of(store.keep(BODY)).read_bytes() == BODY

    def test_the_same_bytes_lie_under_two_names_that_tell_nothing(self, store):
        first, second = store.keep(BODY), store.keep(BODY)

        assert first != second
        assert {len(first), len(second)} == {64}

    def test_bytes_that_were_discarded_are_gone_and_others_stay(self, store):
        gone, kept = store.keep(BODY), store.keep(BODY)

        store.discard([gone, "0" * 64])
        store.discard([gone])

        assert store.path_of(gone) is None
        assert store.path_of(kept).read_bytes() == BODY

    @pytest.mark.parametrize("key", ["", "..", "../" * 21 + "x", "/etc/passwd", "A" * 64, "0" * 63 + "/", "0" * 64])
    def test_name_that_it_never_gave_opens_and_removes_nothing(self, store, key):
        store.discard([key])

        assert store.path_of(key) is None

    def test_names_are_walked_by_age(self, store):
        kept = {store.keep(BODY), store.keep(b"")}

        assert set(store.keys_before(FAR)) == kept
        assert list(store.keys_before(FAR - timedelta(days=2))) == []


class TestFolderStore(BlobStoreConformance):
    @pytest.fixture
    def store(self, tmp_path):
        return FolderStore(tmp_path / "uploads")

    def test_file_is_on_the_disk_before_its_name_is_given(self, store, tmp_path):
        key = store.keep(BODY)

        assert [path.name for path in (tmp_path / "uploads").rglob("*") if path.is_file()] == [key]
        assert store.path_of(key).stat().st_mode & 0o777 == 0o600

    def test_half_of_a_file_that_a_kill_left_is_no_file_and_goes(self, store):
        half = store.path_of(store.keep(BODY)).with_name("0" * 64 + ".unfinished")
        half.write_bytes(b"half")

        found = list(store.keys_before(FAR))

        assert len(found) == 1
        assert not half.exists()
