"""Sending a batch exactly once: where its answer is lost, the mark that it carries tells whether it took effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from crm_builder.errors import CrmError, LostAnswer, RestError
from crm_builder.google import Client
from crm_builder.sheets.marks import BATCH, ROWS, TURN

Json = dict[str, Any]
Answer = TypeVar("Answer")

TRIES = 4
_INVALID, _NOT_FOUND = 400, 404
_TELLING = (TURN, BATCH, ROWS)  # of several marks in a batch the first of these
_OVERTAKEN = (
    "somebody else changed this CRM at the same moment, with crm-builder too; what was under way here was not applied, "
    "run it again"
)


class StaleError(CrmError):
    """The plan that was to be applied is not the plan of this moment."""


def send(client: Client, spreadsheet_id: str, requests: Sequence[Json]) -> None:
    """Applies all requests or none. They must hold the making of a mark whose id nothing else has.

    StaleError where the mark was there before: somebody else came first, and nothing of these requests was applied.
    """
    _once(client, spreadsheet_id, requests, lambda: client.batch_update(spreadsheet_id, requests), lambda: [])


def send_and_get(
    client: Client, spreadsheet_id: str, requests: Sequence[Json], ranges: Sequence[str], fields: str
) -> Json:
    """The same; answers the spreadsheet as it then stands, like Client.get."""
    return _once(
        client,
        spreadsheet_id,
        requests,
        lambda: client.batch_update_and_get(spreadsheet_id, requests, ranges, fields),
        lambda: client.get(spreadsheet_id, ranges, fields),
    )


def _once(
    client: Client,
    spreadsheet_id: str,
    requests: Sequence[Json],
    call: Callable[[], Answer],
    after: Callable[[], Answer],
) -> Answer:
    """`after`: what answers in place of `call` where that took effect and its answer was lost."""
    lost: LostAnswer | None = None
    for _ in range(TRIES):
        try:
            return call()
        except LostAnswer as error:
            lost = error
            there, ours = _marked(client, spreadsheet_id, requests)
        except RestError as error:
            there, ours = _marked(client, spreadsheet_id, requests) if error.status == _INVALID else ("", "")
            if not there:
                raise
            if lost is None or there != ours:
                raise StaleError(_OVERTAKEN) from error
        if there == ours:  # also where the one that was given up on arrived late
            return after()
        if there:
            raise StaleError(_OVERTAKEN) from lost
    raise lost or AssertionError


def _marked(client: Client, spreadsheet_id: str, requests: Sequence[Json]) -> tuple[str, str]:
    """What the mark that the requests make says now, "" where it is not there, and what they make it say. One call.

    An id alone tells nothing: another change takes the same turn.
    """
    made = [one["createDeveloperMetadata"]["developerMetadata"] for one in requests if "createDeveloperMetadata" in one]
    own = next(one for key in _TELLING for one in reversed(made) if one["metadataKey"] == key)
    get = client.spreadsheets.developerMetadata().get(spreadsheetId=spreadsheet_id, metadataId=own["metadataId"])
    try:
        return client.call(get).get("metadataValue", ""), own["metadataValue"]
    except RestError as error:
        if error.status != _NOT_FOUND:
            raise
        return "", own["metadataValue"]
