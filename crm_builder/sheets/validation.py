"""Validation ↔ DataValidationRule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm_builder.model import Validation
from crm_builder.sheets.conditions import Frame, decode_condition, encode_condition
from crm_builder.sheets.layout import NotOursError

Json = dict[str, Any]


_LOST = "#REF!"
# Only lists have choices to show; of checkboxes the service answers the same flag without being told.
_LISTS = ("one_of_list", "one_of_range")


def canonical_validation(validation: Validation) -> Validation:
    """A validation as reading gives it back, apart from its condition."""
    return replace(validation, dropdown=validation.dropdown and validation.condition.kind in _LISTS)


def encode_validation(validation: Validation, frame: Frame) -> Json:
    data: Json = {"condition": encode_condition(validation.condition, frame)}
    if validation.strict:
        data["strict"] = True
    if validation.dropdown:
        data["showCustomUi"] = True
    if validation.message:
        data["inputMessage"] = validation.message
    return data


def decode_validation(data: Json, frame: Frame) -> Validation:
    """NotOursError where what it speaks of is gone: it accepts nothing, and the service takes none like it."""
    if any(_LOST in str(one.get("userEnteredValue", "")) for one in data.get("condition", {}).get("values", ())):
        raise NotOursError(f"a dropdown over {_LOST}")
    return canonical_validation(
        Validation(
            decode_condition(data.get("condition", {}), frame),
            strict=data.get("strict", False),
            dropdown=data.get("showCustomUi", False),
            message=data.get("inputMessage", ""),
        )
    )
