"""The key of anonymous answers: made once, for this account alone, or given."""

import pytest

from tenure.runtime import open_runtime
from tenure.settings import SettingsWrong, read_settings


def test_it_is_made_once_and_read_by_nobody_else(tmp_path):
    settings = read_settings(home=tmp_path / "home")
    with open_runtime(settings) as runtime:
        key = runtime.service.tools.pool_key
    with open_runtime(settings) as runtime:
        assert runtime.service.tools.pool_key == key
    file = tmp_path / "home" / "pool.key"

    assert len(key) == 32
    assert file.stat().st_mode & 0o077 == 0
    assert key.hex() not in repr(runtime)
    assert [each.name for each in file.parent.glob("pool.key*")] == ["pool.key"]
    assert key not in (tmp_path / "home" / "tenure.db").read_bytes()


def test_a_given_key_is_taken_and_a_wrong_one_is_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setenv("TENURE_POOL_KEY", "ab" * 32)
    with open_runtime(read_settings(home=tmp_path / "home")) as runtime:
        assert runtime.service.tools.pool_key == bytes.fromhex("ab" * 32)
    monkeypatch.setenv("TENURE_POOL_KEY", "swordfish")
    with pytest.raises(SettingsWrong, match="64 hex digits") as wrong:
        read_settings(home=tmp_path / "home")
    assert "swordfish" not in str(wrong.value)
