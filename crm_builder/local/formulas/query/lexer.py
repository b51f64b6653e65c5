"""The text of a query as tokens with their place, for messages in the form of Google's parser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm_builder.local.formulas.query.language import QueryError

# Words that cannot name a column unless they stand in `backticks`: a column BY is such a case.
RESERVED = frozenset(
    (
        "select", "where", "group", "pivot", "order", "by", "skipping", "limit",
        "offset", "label", "format", "options", "asc", "desc", "true", "false",
        "and", "or", "not", "date", "timeofday", "datetime", "timestamp",
    )
)  # fmt: skip

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<string>'[^']*'|\"[^\"]*\")"
    r"|(?P<quoted>`[^`]+`)"
    r"|(?P<decimal>\d+\.\d*|\.\d+)"
    r"|(?P<integer>\d+)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>!=|<>|<=|>=|[=<>,()*+\-/%])"
    r"|(?P<unexpected>.)",
    re.DOTALL,
)
_NAMES = {"string": "STRING_LITERAL", "quoted": "QUOTED_ID", "decimal": "DECIMAL_LITERAL", "integer": "INTEGER_LITERAL"}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: word, keyword, string, quoted, decimal, integer, operator, end. `text` is stripped of quotes."""

    kind: str
    text: str
    shown: str
    line: int
    column: int

    def is_word(self, *words: str) -> bool:
        return self.kind in ("word", "keyword") and self.text.lower() in words

    def is_operator(self, *operators: str) -> bool:
        return self.kind == "operator" and self.text in operators


def tokens(text: str) -> list[Token]:
    """All tokens of a query, closed by one of kind "end"; raises QueryError at a character of no token."""
    found: list[Token] = []
    line, line_start = 1, 0
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup or "", match.group()
        place = (line, match.start() - line_start + 1)
        if "\n" in part:
            line += part.count("\n")
            line_start = match.start() + part.rfind("\n") + 1
        if kind == "space":
            continue
        if kind == "unexpected":
            raise unexpected(Token(kind, part, f'<UNEXPECTED_CHAR> "{part} "', *place))
        if kind == "word" and part.lower() in RESERVED:
            kind = "keyword"
        plain = part[1:-1] if kind in ("string", "quoted") else part
        if kind in _NAMES:
            shown = f'<{_NAMES[kind]}> "{part} "'
        else:
            shown = f'<ID> "{part} "' if kind == "word" else f'"{part}" "{part} "'
        found.append(Token("operator" if kind == "operator" else kind, plain, shown, *place))
    found.append(Token("end", "", "<EOF>", line, len(text) - line_start + 1))
    return found


def unexpected(token: Token, expected: str = "") -> QueryError:
    """The error for a token that may not stand where it stands."""
    shown = f'"{token.shown}"' if token.kind == "end" else f'" {token.shown}"'
    message = f"PARSE_ERROR: Encountered {shown} at line {token.line}, column {token.column}."
    return QueryError(f"{message} Was expecting: {expected}" if expected else message)
