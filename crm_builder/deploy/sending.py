"""Sending a batch exactly once: where its answer is lost, the mark that it carries tells whether it took effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from crm_builder.errors import CrmError, LostAnswer, RestError
from crm_builder.google import Client

Json = dict[str, Any]
Answer = TypeVar("Answer")

TRIES = 4
_INVALID, _NOT_FOUND = 400, 404


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
            if is_marked(client, spreadsheet_id, requests):
                return after()
        except RestError as error:
            if error.status != _INVALID or not is_marked(client, spreadsheet_id, requests):
                raise
            if lost is not None:  # the one that was given up on arrived late
                return after()
            raise StaleError(
                "somebody else changed this CRM at the same moment, with crm-builder too; nothing of this change was "
                "made, run it again"
            ) from error
    raise lost or AssertionError


def is_marked(client: Client, spreadsheet_id: str, requests: Sequence[Json]) -> bool:
    """Whether the last mark that the requests make is there. One call."""
    number = next(
        one["createDeveloperMetadata"]["developerMetadata"]["metadataId"]
        for one in reversed(requests)
        if "createDeveloperMetadata" in one
    )
    get = client.spreadsheets.developerMetadata().get(spreadsheetId=spreadsheet_id, metadataId=number)
    try:
        client.call(get)
    except RestError as error:
        if error.status != _NOT_FOUND:
            raise
        return False
    return True
