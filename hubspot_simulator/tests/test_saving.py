import stat
from pathlib import Path

import pytest

import hubspot_simulator
from hubspot_simulator.account.saving import Unreadable

from .conftest import CONTACTS, TOKEN, Caller, row


def fill(hubspot: Caller) -> tuple[str, str]:
    hubspot.property("deals", "our_key", hasUniqueValue=True)
    options = [{"label": "A", "value": "a", "hidden": False}]
    hubspot.property("contacts", "band", type="enumeration", fieldType="select", options=options)
    deal, ann = hubspot.deal(our_key="k"), hubspot.contact("ann@b.io", band="a")
    hubspot.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{ann}")
    hubspot.post(f"{CONTACTS}/gdpr-delete", {"objectId": "gone@b.io", "idProperty": "email"})
    return deal, ann


def test_a_restart_finds_everything_again(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with hubspot_simulator.serve(token=TOKEN, state_file=file) as running:
        deal, ann = fill(Caller(running))
    with hubspot_simulator.serve(token=TOKEN, state_file=file) as running:
        hubspot = Caller(running)
        assert running.store.live_links() == [(deal, ann)]
        assert hubspot.upsert(row("ann@b.io", band="a")).json()["results"][0]["id"] == ann
        assert hubspot.post("/crm/v3/objects/deals", {"properties": {"our_key": "k"}}).status_code == 400
        assert hubspot.post(CONTACTS, {"properties": {"email": "gone@b.io"}}).status_code == 400


def test_the_file_is_ours_alone_and_no_temporary_one_is_left(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with hubspot_simulator.serve(token=TOKEN, state_file=file) as running:
        fill(Caller(running))
    assert [found.name for found in tmp_path.iterdir()] == ["state.json"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "gone@b.io" not in file.read_text()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"format": 0}', '{"format": 1, "groups": {}}', "\0"]
)
def test_a_file_that_is_not_whole_is_unreadable(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(Unreadable), hubspot_simulator.serve(token=TOKEN, state_file=file):
        pass
