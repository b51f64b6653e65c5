"""One person's whole story in either language, from the first word typed to never being mailed again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crm_builder.local.runtime import Mail
from tests.conftest import CLOCK
from tests.living.office import OWNER, opened

ADA = "ada@example.com"
STORIES = {
    "en": {"name": "Ada Lovelace", "date": "contact_date", "due": "next_action_date", "today": "2026-11-23", "later": "2027-01-05"},
    "fa": {"name": "سارا رضایی", "date": "contact_date_jalali", "due": "next_action_date_jalali", "today": "۱۴۰۵/۹/۲", "later": "۱۴۰۵/۱۰/۱۵"},
}  # fmt: skip


@pytest.mark.parametrize("language", STORIES)
def test_from_the_first_word_to_never_again(language: str, provisioned: Callable[..., Path]) -> None:
    told = STORIES[language]
    with opened(provisioned(language), CLOCK) as office:
        subject = {mail["key"]: mail["subject"].replace("{{name}}", told["name"]) for mail in office.words["mails"]}
        monday = office.local(11, 23, 10)
        office.finish_set_up(monday)
        office.set(mail_mode=office.choice("mail_mode", "live"), mail_spacing_days=3, inactive_days=30)

        # A lead arrives, and its owner is reminded of it.
        new = {"name": told["name"], "company": "Byron", "email": " Ada@Example.com", "owner": "Maya Collins"}
        product = office.choice("product")
        office.type("leads", 2, **{**new, told["date"]: told["today"], "interest": product, told["due"]: told["today"]})
        (lead,) = office.rows("leads")
        assert re.fullmatch("L-[0-9A-Z]{5}", lead["id"]) and lead["status"] == office.choice("lead_status", "new")
        welcomed, reminded = office.hour(monday + timedelta(minutes=30))
        assert said(welcomed) == (ADA, subject["welcome"])
        assert reminded.addresses == (OWNER,) and told["name"] in reminded.text
        fired = office.runtime.advance(monday + timedelta(minutes=90))
        assert fired and not any(office.fine(outcome).mails for _, _, outcome in fired)

        # It is followed up after three days, which is a weekend in Iran and is waited for there.
        followed = contacts(office.hour(office.local(11, 26, 11)))
        if language == "fa":
            assert not followed
            followed = contacts(office.hour(office.local(11, 28, 11)))
        assert [said(mail) for mail in followed] == [(ADA, subject["follow_up"])]

        # It becomes a customer, and buys.
        office.runtime.wait_until(office.local(12, 1, 10))
        office.type("leads", 2, status=office.choice("lead_status", "converted"))
        (lead,), (customer,) = office.rows("leads"), office.rows("customers")
        assert customer["name"] == told["name"] and lead["customer"].endswith(customer["id"])
        deal = {"customer": lead["customer"], "product": product, "amount": 500}
        office.type("deals", 2, **deal, stage=office.choice("deal_stage", "won"))
        assert [said(mail) for mail in office.hour(office.local(12, 2, 11))] == [(ADA, subject["thanks"])]
        office.type("customers", 2, consent=True)

        # Nobody asks it as a lead any more. After 31 days without an order it is invited back, as a week begins.
        assert not office.hour(office.local(12, 31, 11))
        back = office.local(1, 4 if language == "en" else 2, 11, year=2027)
        (invited,) = office.hour(back)
        assert said(invited) == (ADA, subject["re_engage"])
        log = office.log()
        assert log.count((ADA, "sent")) == 4 and set(log) == {(ADA, "sent"), (OWNER, "sent")}

        # It unsubscribes by the link of the last mail.
        link = re.search(r"https://\S+", invited.text)
        assert link
        asked = {name: values[0] for name, values in parse_qs(urlsplit(link[0]).query).items()}
        words = office.words["script"]["unsubscribe"]
        assert words["button"] in office.runtime.get(asked).value.content and not office.rows("suppressions")
        assert words["done"] in office.runtime.post(asked).value.content
        assert [row["email"] for row in office.rows("suppressions")] == [ADA]
        assert office.rows("customers")[0]["unsubscribed"] is True

        # Nothing brings mail to that address any more: neither an order, nor being deleted and typed again.
        office.type("deals", 3, **deal, stage=office.choice("deal_stage", "won"))
        assert not office.hour(back + timedelta(days=2))
        for table in ("customers", "leads"):
            range_ = {"sheetId": office.sheet_id(table), "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
            office.change({"deleteDimension": {"range": range_}})
        assert not office.rows("customers") and not office.rows("leads")
        office.type("leads", 2, **{**new, told["date"]: told["later"]})
        assert office.rows("leads")[0]["id"] != lead["id"]
        assert not office.hour(back + timedelta(days=14))
        assert {one["decision"] for one in office.runtime.run("explainMail_").value} == {"suppressed"}
        assert office.log() == log


def contacts(mails: Sequence[Mail]) -> list[Mail]:
    """Without those to the team."""
    return [mail for mail in mails if mail.addresses != (OWNER,)]


def said(mail: Mail) -> tuple[str, str]:
    return mail.addresses[0], mail.subject
