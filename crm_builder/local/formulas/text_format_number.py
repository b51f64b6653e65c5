"""Show a number through the digit placeholders of one pattern section.

Rounding is half away from zero on the shortest decimal that names the same float, so 2.675 under 0.00 is 2.68.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from crm_builder.local.formulas.text_format_pattern import Section, Token

DIGITS = 10  # significant digits that a cell with the automatic format shows
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)


def general(number: float) -> str:
    """The automatic format: up to ten significant digits, whole numbers in full below 1E+15, no separators.

    From 1E+15 up, and below 1E-9, the exponent form has at most six significant digits.
    """
    if number == 0:
        return "0"
    if number != number or number in (float("inf"), float("-inf")):
        return "#NUM!"
    value = Decimal(repr(number))
    if abs(number) >= 1e15 or abs(number) < 1e-9:
        return _exponent_form(value, 6)
    places = max(0, DIGITS - 1 - value.adjusted())
    text = format(_WIDE.quantize(value, Decimal(1).scaleb(-places)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _exponent_form(value: Decimal, digits: int) -> str:
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).plus(value)
    exponent = rounded.adjusted()
    mantissa = format(rounded.scaleb(-exponent), "f")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}E{'+' if exponent >= 0 else '-'}{abs(exponent):02d}"


def show_number(number: float, section: Section, sign_is_shown: bool) -> str:
    """`number` through a section without date tokens; `sign_is_shown` = the section speaks for negatives itself."""
    tokens = section.tokens
    value = abs(Decimal(repr(number)))
    value = value.scaleb(2 * sum(kind == "pct" for kind, _ in tokens))
    if section.has("digit"):
        if section.has("exp"):
            body = _scientific(value, tokens)
        elif _is_fraction(tokens):
            body = _fraction(value, tokens)
        else:
            body = _decimal(value, tokens)
    else:
        shown = general(float(value))
        body = "".join(shown if kind in ("text", "general") else text for kind, text in tokens)
    return f"-{body}" if number < 0 and not sign_is_shown else body


def _decimal(value: Decimal, tokens: Sequence[Token]) -> str:
    whole, fraction = _halves(tokens)
    scale, grouped, whole = _commas(whole, fraction)
    places = sum(kind == "digit" for kind, _ in fraction)
    rounded = _WIDE.quantize(value.scaleb(-3 * scale), Decimal(1).scaleb(-places))
    digits, _, decimals = format(rounded, "f").partition(".")
    left = _fill_whole("" if digits == "0" else digits, whole, grouped)
    return left + _fill_decimals(decimals, fraction)


def _halves(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Tokens before and from the decimal point; a section without one ends its whole part at the last digit."""
    for index, (kind, _) in enumerate(tokens):
        if kind == "point":
            return list(tokens[:index]), list(tokens[index:])
    return list(tokens), []


def _commas(whole: list[Token], fraction: list[Token]) -> tuple[int, bool, list[Token]]:
    """How many thousands trailing commas take away, whether digits are grouped, and the whole part without commas."""
    digits = [index for index, (kind, _) in enumerate(whole) if kind == "digit"]
    first, last = (digits[0], digits[-1]) if digits else (0, -1)
    grouped, scale, kept = False, 0, []
    for index, (kind, text) in enumerate(whole):
        if kind != "comma":
            kept.append((kind, text))
        elif first < index < last:
            grouped = True
        elif index > last and all(kind == "comma" for kind, _ in whole[last + 1 : index]):
            scale += 1
        else:
            kept.append(("lit", text))
    if any(kind == "digit" for kind, _ in fraction):  # 0.0,, puts the scale behind the decimals
        final = max(index for index, (kind, _) in enumerate(fraction) if kind == "digit")
        scale += _leading_commas(fraction[final + 1 :])
    return scale, grouped, kept


def _leading_commas(tokens: Sequence[Token]) -> int:
    count = 0
    while count < len(tokens) and tokens[count][0] == "comma":
        count += 1
    return count


def _fill_whole(digits: str, tokens: Sequence[Token], grouped: bool) -> str:
    """Place whole digits right to left; the leftmost placeholder takes all that is left."""
    places = [index for index, (kind, _) in enumerate(tokens) if kind == "digit"]
    first = places[0] if places else -1
    out: list[str] = []
    left, count = digits, 0

    def put(character: str) -> None:
        nonlocal count
        if grouped and count and count % 3 == 0:
            out.append(" " if character == " " else ",")
        out.append(character)
        count += 1

    for index in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[index]
        if kind != "digit":
            out.append(text[::-1])
            continue
        take = left if index == first else left[-1:]
        left = left[: len(left) - len(take)]
        for character in reversed(take):
            put(character)
        if not take and text != "#":
            put("0" if text == "0" else " ")
    if not places:
        out.append(digits[::-1])
    return "".join(out)[::-1]


def _fill_decimals(decimals: str, tokens: Sequence[Token]) -> str:
    kept = decimals.rstrip("0")
    out: list[str] = []
    position = 0
    for kind, text in tokens:
        if kind == "digit":
            if position < len(kept):
                out.append(kept[position])
            elif text != "#":
                out.append("0" if text == "0" else " ")
            position += 1
        elif kind != "comma":
            out.append(text)
    return "".join(out)


def _scientific(value: Decimal, tokens: Sequence[Token]) -> str:
    split = next(index for index, (kind, _) in enumerate(tokens) if kind == "exp")
    mantissa, sign, tail = list(tokens[:split]), tokens[split][1], list(tokens[split + 1 :])
    whole, fraction = _halves(mantissa)
    step = max(1, sum(kind == "digit" for kind, _ in whole))
    places = sum(kind == "digit" for kind, _ in fraction)
    exponent = 0 if value == 0 else (value.adjusted() // step) * step
    rounded = _WIDE.quantize(value.scaleb(-exponent), Decimal(1).scaleb(-places))
    if rounded >= Decimal(10) ** step:  # 9.99 rounded up to 10.0
        exponent += step
        rounded = _WIDE.quantize(value.scaleb(-exponent), Decimal(1).scaleb(-places))
    body = _decimal(rounded, mantissa)
    mark = "-" if exponent < 0 else ("+" if sign.endswith("+") else "")
    power = _fill_whole(str(abs(exponent)) if exponent else "", tail, grouped=False)
    return f"{body}{sign[0]}{mark}{power}"


def _is_fraction(tokens: Sequence[Token]) -> bool:
    kinds = [kind for kind, _ in tokens]
    return "slash" in kinds and "digit" in kinds[: kinds.index("slash")]


def _fraction(value: Decimal, tokens: Sequence[Token]) -> str:
    """Fractions: `# ?/?`, `# ??/??`, `#/100`; the nearest one whose denominator has that many digits."""
    slash = next(index for index, (kind, _) in enumerate(tokens) if kind == "slash")
    left, right = tokens[:slash], tokens[slash + 1 :]
    digits = sum(kind == "digit" for kind, _ in right)
    fixed = "".join(text for kind, text in right if kind in ("digit", "lit")).strip()
    mixed = any(kind == "lit" and text == " " for kind, text in left[1:])
    whole = int(value) if mixed else 0
    rest = Fraction(value) - whole
    if fixed.isdigit() and int(fixed) > 0:
        bottom = int(fixed)
        top = int(rest * bottom + Fraction(1, 2))
    else:
        near = rest.limit_denominator(10 ** max(1, digits) - 1)
        top, bottom = near.numerator, near.denominator
    if mixed and top == bottom:
        whole, top = whole + 1, 0
    width = sum(kind == "digit" and text == "?" for kind, text in right)
    if mixed and top == 0:
        return f"{whole}{' ' * (2 * width + 2) if width else ''}"
    part = f"{str(top).rjust(width)}/{str(bottom).ljust(width)}"
    return f"{whole} {part}" if whole else part
