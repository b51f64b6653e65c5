"""Sending: what the service refuses, what it counts, what lands in the outbox; and an inbox that is searched."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_builder.local.runtime import Limits
from tests.runtime.conftest import NOW, Stage

SEND_MAIL = "https://www.googleapis.com/auth/script.send_mail"


def test_a_mail_lands_in_the_outbox_as_people_would_get_it(stage: Stage) -> None:
    stage.run("""MailApp.sendEmail({ to: 'علی <ali@example.com>', cc: 'b@example.com, "C, D" <c@example.com>',
      subject: 'پیگیری', body: 'متن', htmlBody: '<p dir="rtl">متن</p>', name: 'فروشگاه', replyTo: 'me@example.com' });""")
    (mail,) = stage.mails()
    assert (mail["Subject"], mail["From"], mail["To"], mail["Reply-To"]) == (
        "پیگیری",
        "فروشگاه <owner@example.com>",
        "علی <ali@example.com>",
        "me@example.com",
    )
    assert [one.addr_spec for one in mail["Cc"].addresses] == ["b@example.com", "c@example.com"]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and text.get_content() == "متن\n"
    assert html is not None and html.get_content() == '<p dir="rtl">متن</p>\n'
    raw = next((stage.folder / "outbox").iterdir()).read_text("utf-8")
    assert "پیگیری" in raw and '<p dir="rtl">متن</p>' in raw, "it can be read in an editor"


def test_each_form_of_the_call(stage: Stage) -> None:
    stage.run("""MailApp.sendEmail('a@example.com', 'one', 'text');
      MailApp.sendEmail('a@example.com', 'me@example.com', 'two', 'text');
      MailApp.sendEmail('a@example.com', 'three', 'text', { name: 'N', attachments: [Utilities.newBlob('x', 'text/csv', 'a.csv')] });
      GmailApp.sendEmail('a@example.com', 'four', 'text', { bcc: 'd@example.com' });""")
    one, two, three, four = stage.mails()
    assert [mail["Subject"] for mail in (one, two, three, four)] == ["one", "two", "three", "four"]
    assert two["Reply-To"] == "me@example.com" and four["Bcc"] == "d@example.com"
    assert [part.get_filename() for part in three.iter_attachments()] == ["a.csv"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("MailApp.sendEmail({ subject: 'x', body: 'y' })", "Exception: Failed to send email: no recipient"),
        ("MailApp.sendEmail('nobody', 'x', 'y')", "Exception: Invalid email: nobody"),
        ("MailApp.sendEmail('a@example.com\\nBcc: b@example.com', 'x', 'y')", "Exception: Invalid email: a@example.com\nBcc: b@example.com"),
        ("MailApp.sendEmail('a@example.com', 'x'.repeat(251), 'y')", "Exception: Invalid argument: subject"),
        ("MailApp.sendEmail('a@example.com', 'x', 'y'.repeat(300000))", "Exception: Limit Exceeded: Email Body Size."),
        ("MailApp.sendEmail({ to: 'a@example.com', html: 'x' })", "TypeError: The local run knows no option 'html' of MailApp.sendEmail."),
        ("MailApp.sendEmail('a@example.com', 1, 'y')", "Exception: The parameters (String,number,String) don't match the method signature for MailApp.sendEmail."),
        ("MailApp.sendEmail(Array(51).fill('a@example.com').join(), 'x', 'y')", "Exception: Limit Exceeded: Email Recipients Per Message."),
    ],
)  # fmt: skip
def test_what_is_refused(stage: Stage, call: str, error: str) -> None:
    assert stage.error(call) == error
    assert not stage.mails()


def test_a_subject_stays_one_line(stage: Stage) -> None:
    stage.run("MailApp.sendEmail('a@example.com', 'one\\r\\nBcc: b@example.com', 'x');")
    (mail,) = stage.mails()
    assert mail["Subject"] == "one Bcc: b@example.com" and mail["Bcc"] is None


def test_recipients_are_counted_for_24_hours_from_the_first_on(stage: Stage) -> None:
    """Over all scripts of a user, cc and bcc too; killed or not, what was sent counts."""
    stage.push("""function main() {
      const before = MailApp.getRemainingDailyQuota();
      MailApp.sendEmail({ to: 'a@example.com', cc: 'b@example.com', bcc: 'c@example.com', body: 'x' });
      return [before, MailApp.getRemainingDailyQuota()]; }""")
    runtime = stage.runtime(limits=Limits(recipients_a_day=7))
    assert runtime.run("main").value == [7, 4] and runtime.run("main").value == [4, 1]
    assert runtime.run("main").error == "Exception: Service invoked too many times for one day: email."
    runtime.wait_until(NOW + timedelta(hours=23))
    assert runtime.run("main").error is not None
    runtime.wait_until(NOW + timedelta(hours=24, minutes=1))
    assert runtime.run("main").value == [7, 4] and len(stage.mails()) == 3


def test_the_manifest_must_ask_for_it(stage: Stage) -> None:
    source = "function main() { MailApp.sendEmail('a@example.com', 'x', 'y'); }"
    stage.push(source, oauthScopes=["https://www.googleapis.com/auth/spreadsheets.currentonly"])
    expected = f"Exception: Specified permissions are not sufficient to call MailApp.sendEmail. Required permissions: {SEND_MAIL}"
    assert stage.runtime().run("main").error == expected
    stage.push(source, oauthScopes=[SEND_MAIL])
    assert stage.runtime().run("main").ok


def test_a_simple_trigger_may_not_send(stage: Stage) -> None:
    stage.push(
        "function onEdit() { Utilities.getUuid(); PropertiesService.getScriptProperties().setProperty('a', '1'); MailApp.sendEmail('a@example.com', 'x', 'y'); }"
    )
    error = stage.runtime().edit("Rows", "A1", "x").error
    assert (
        error == f"Exception: You do not have permission to call MailApp.sendEmail. Required permissions: {SEND_MAIL}"
    )
    assert not stage.mails()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Third", "First"]),
        ("from:ali@example.com", ["First"]),
        ("-from:ali@example.com", ["Third", "First"]),  # a thread, as another of its messages fits
        ("subject:\"third\"", ["Third"]),
        ("newer_than:1d", ["Third"]),
        ("after:2026/11/22 in:inbox", ["Third"]),
        (f"after:{int(NOW.timestamp()) - 60}", ["Third"]),
        ("before:2026/11/21", ["First"]),
        ("is:read", []),
        ("stop", ["First"]),
    ],
)  # fmt: skip
def test_searching_the_inbox(stage: Stage, query: str, found: list[str]) -> None:
    runtime = stage.runtime()
    runtime.receive("Ali <ali@example.com>", "First", "hello", date=NOW - timedelta(days=3))
    runtime.receive("b@example.com", "Re: first", "please STOP", date=NOW - timedelta(days=2))
    runtime.receive("c@example.com", "Third", "text")
    runtime.receive("d@example.com", "Later", "not yet there", date=NOW + timedelta(days=1))
    stage.push(
        "function main(query) { return GmailApp.search(query).map((thread) => thread.getFirstMessageSubject()); }"
    )
    assert runtime.run("main", query).value == found


def test_messages_of_a_thread(stage: Stage) -> None:
    runtime = stage.runtime()
    runtime.receive("Ali <ali@example.com>", "First", "لغو", date=NOW - timedelta(minutes=1))
    stage.push("""function main() {
      const [[message]] = GmailApp.getMessagesForThreads(GmailApp.search('is:unread'));
      message.markRead();
      return [message.getFrom(), message.getPlainBody(), message.getDate(), GmailApp.search('is:unread').length]; }""")
    assert runtime.run("main").value == ["Ali <ali@example.com>", "لغو", NOW - timedelta(minutes=1), 0]


def test_an_unknown_search_is_refused(stage: Stage) -> None:
    assert stage.error("GmailApp.search('larger:5M')").endswith("knows no larger:5M in a search of GmailApp.")
