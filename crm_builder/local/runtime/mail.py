"""MailApp, and sending by GmailApp: messages are checked and counted as the service does, and land in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import quotas
from .addresses import addresses
from .blobs import Blob
from .objects import Scripted, ScriptError, method, mismatch
from .outbox import Attachment, Mail
from .world import World

_SEND = "https://www.googleapis.com/auth/script.send_mail"
_GMAIL = "https://mail.google.com/"
_OPTIONS = {"attachments", "bcc", "body", "cc", "htmlBody", "inlineImages", "name", "noReply", "replyTo"}
_MESSAGE = _OPTIONS | {"subject", "to"}
_LONGEST_SUBJECT = 250  # characters
_LARGEST_BODY = 200 * 1024  # bytes of each form of the body
_TOO_MANY = "Service invoked too many times for one day: email."


def send(world: World, sender: str, given: Mapping[str, Any]) -> None:
    """One message: {to, subject, body, htmlBody, cc, bcc, name, replyTo, …}. ScriptError where it is refused."""
    fields = {name: addresses(str(given.get(name) or "")) for name in ("to", "cc", "bcc", "replyTo")}
    count = sum(len(fields[name]) for name in ("to", "cc", "bcc"))
    if not count:
        raise ScriptError("Failed to send email: no recipient")
    subject, body, html = (str(given.get(name) or "") for name in ("subject", "body", "htmlBody"))
    if len(subject) > _LONGEST_SUBJECT:
        raise ScriptError("Invalid argument: subject")
    if any(len(text.encode()) > _LARGEST_BODY for text in (body, html)):
        raise ScriptError("Limit Exceeded: Email Body Size.")
    if count > world.limits.recipients_a_message:
        raise ScriptError("Limit Exceeded: Email Recipients Per Message.")
    attached: list[Blob] = given.get("attachments") or []
    if left(world) < count:
        raise ScriptError(_TOO_MANY)
    quotas.use(world.workspace, quotas.MAIL, world.user, world.now(), count)
    number = len(world.sent) + 1
    world.sent.append(
        Mail(
            file=f"{world.now():%Y-%m-%dT%H%M%S}-{world.id}-{number:04d}.eml",
            date=world.now(),
            sender=sender,
            name=str(given.get("name") or ""),
            to=tuple(fields["to"]),
            cc=tuple(fields["cc"]),
            bcc=tuple(fields["bcc"]),
            reply_to=tuple(fields["replyTo"]),
            subject=" ".join(subject.split()),
            text=body,
            html=html,
            attachments=tuple(Attachment(one.title, one.content_type, one.content) for one in attached),
        )
    )


def left(world: World) -> int:
    """How many recipients the user may still write to today."""
    spent = quotas.used(world.workspace, quotas.MAIL, world.user, world.now())
    return max(0, world.limits.recipients_a_day - round(spent))


def checked(owner: Scripted, options: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """The options of a message. ScriptError for one that the service does not know: it would do nothing, unnoticed."""
    unknown = sorted(set(options) - known)
    if unknown:
        raise ScriptError(f"The local run knows no option {unknown[0]!r} of {owner.type}.sendEmail.", "TypeError")
    if options.get("inlineImages"):
        raise ScriptError("Inline images are not part of the local run.")
    attached = options.get("attachments")
    if attached is not None and not (isinstance(attached, list) and all(isinstance(one, Blob) for one in attached)):
        raise mismatch(owner, "sendEmail", [dict(options)])
    return dict(options)


class MailApp(Scripted):
    type = "MailApp"
    scopes = (_SEND,)
    limited = False

    def __init__(self, world: World):
        self._world = world

    @method
    def getRemainingDailyQuota(self) -> int:
        return left(self._world)

    @method
    def sendEmail(self, *given: Any) -> None:
        """sendEmail(message), (to, subject, body), (to, subject, body, options) or (to, replyTo, subject, body)."""
        texts = all(isinstance(one, str) for one in given)
        message: dict[str, Any]
        if len(given) == 1 and isinstance(given[0], dict):
            message = checked(self, given[0], _MESSAGE)
        elif len(given) == 3 and texts:
            message = dict(zip(("to", "subject", "body"), given, strict=True))
        elif len(given) == 4 and texts:
            message = dict(zip(("to", "replyTo", "subject", "body"), given, strict=True))
        elif len(given) == 4 and all(isinstance(one, str) for one in given[:3]) and isinstance(given[3], dict):
            message = {**checked(self, given[3], _OPTIONS), "to": given[0], "subject": given[1], "body": given[2]}
        else:
            raise mismatch(self, "sendEmail", given)
        send(self._world, self._world.user, message)


def send_by_gmail(owner: Scripted, world: World, given: tuple[Any, ...]) -> None:
    """GmailApp.sendEmail(to, subject, body[, options])."""
    if not 3 <= len(given) <= 4 or not all(isinstance(one, str) for one in given[:3]):
        raise mismatch(owner, "sendEmail", given)
    options = given[3] if len(given) == 4 else {}
    if not isinstance(options, dict):
        raise mismatch(owner, "sendEmail", given)
    message = {**checked(owner, options, _OPTIONS), "to": given[0], "subject": given[1], "body": given[2]}
    send(world, world.user, message)
