import requests

from .conftest import Caller


def page(hubspot: Caller) -> str:
    answer = requests.get(hubspot.running.url, timeout=5)
    assert answer.headers["Content-Type"] == "text/html;charset=utf-8"
    return answer.text


def test_an_empty_account_says_what_to_do_next(hubspot: Caller) -> None:
    assert "No contacts yet. Finish an assessment" in page(hubspot)
    assert "No deals yet." in page(hubspot)


def test_a_deal_stands_beside_its_contact(hubspot: Caller) -> None:
    deal, ann = hubspot.deal(dealname="Briefing"), hubspot.contact("ann@b.io", firstname="Ann")
    hubspot.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{ann}")
    shown = page(hubspot)
    assert "<h3>Briefing</h3>" in shown
    assert "<p>for ann@b.io</p>" in shown


def test_every_value_is_escaped(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io", firstname="<script>alert(1)</script>", company='"><b>', phone="<i>")
    hubspot.deal(dealname="<u>", hs_next_step="<s>")
    hubspot.get("/crm/v3/objects/contacts/<img>")
    shown = page(hubspot)
    assert not [tag for tag in ("<script", '"><b>', "<i>", "<img", "<u>", "<s>") if tag in shown]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_the_page_needs_nothing_from_elsewhere(hubspot: Caller) -> None:
    assert not [word for word in ("http://", "https://", "src=", "<script") if word in page(hubspot)]


def test_a_button_rehearses_a_fault_and_comes_back_to_the_page(hubspot: Caller) -> None:
    assert "Write, then lose the answer" in page(hubspot)
    fields = {"effect": "status", "status": "503", "times": "1"}
    answer = requests.post(f"{hubspot.running.url}/_simulator/faults", data=fields, timeout=5)
    assert (answer.status_code, answer.history[0].status_code) == (200, 303)
    assert "status 503, before the write" in answer.text
    assert hubspot.get("/crm/v3/objects/contacts").status_code == 503
