"""Mails that a run has sent, as values and as files that any mail program opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import formataddr
from pathlib import Path

from crm_builder.errors import RunError

Address = tuple[str, str]  # name, address
# Mails are to be read by people in an editor too: no line is folded or encoded that need not be (RFC 5322, 6532).
_POLICY = default.clone(utf8=True, max_line_length=998)


@dataclass(frozen=True, slots=True)
class Attachment:
    """`title` and `content_type` are None where the script said nothing."""

    title: str | None
    content_type: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it was sent; `html` is "" where it has none. `date` is of the virtual clock."""

    file: str  # its name in the outbox
    date: datetime
    sender: str
    to: tuple[Address, ...]
    subject: str
    text: str
    html: str = ""
    name: str = ""  # of the sender
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of everybody who gets it."""
        return tuple(address for _, address in (*self.to, *self.cc, *self.bcc))


def as_bytes(mail: Mail) -> bytes:
    """The message in UTF-8, its text and its HTML side by side."""
    stem = mail.file.removesuffix(".eml")
    message = EmailMessage(policy=_POLICY)
    people = {
        "From": ((mail.name, mail.sender),),
        "To": mail.to,
        "Cc": mail.cc,
        "Bcc": mail.bcc,
        "Reply-To": mail.reply_to,
    }
    for header, listed in people.items():
        if listed:
            message[header] = ", ".join(formataddr(one, "utf-8") for one in listed)
    message["Subject"] = mail.subject
    message["Date"] = mail.date
    message["Message-ID"] = f"<{stem}@localhost>"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        message.set_boundary(f"{stem}.forms")  # the standard one is made by chance
    for one in mail.attachments:
        main, _, rest = (one.content_type or "application/octet-stream").partition("/")
        message.add_attachment(one.content, maintype=main, subtype=rest, filename=one.title or "attachment")
    return message.as_bytes()


def write(folder: Path, mails: Sequence[Mail]) -> None:
    """Puts mails into the outbox, each as a whole. RunError where the folder cannot be written."""
    try:
        for mail in mails:
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f".{mail.file}.part"
            draft.write_bytes(as_bytes(mail))
            draft.replace(folder / mail.file)
    except OSError as error:
        raise RunError(f"The outbox {folder} cannot be written: {error.strerror}.") from error
