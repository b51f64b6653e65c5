"""One form for what is written in many: dates of two calendars, digits, phone numbers, addresses, letters."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import jdatetime
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crm_builder import assets
from crm_builder.data.digits import latin, persian

Script = Callable[..., Any]
_EPOCH = date(1899, 12, 30)
_FIRST, _LAST = date(1921, 3, 21), date(2122, 3, 20)  # 1300/01/01 to 1500/12/29


def serial(day: date) -> int:
    return (day - _EPOCH).days


def test_every_day_of_two_centuries_is_the_same_in_both_calendars(script: Script) -> None:
    """Against jdatetime, and against the years that the formulas of the sheet look up."""
    days = [_FIRST + timedelta(days=number) for number in range((_LAST - _FIRST).days + 1)]
    first = serial(days[0])
    code = f"""
      const days = Array.from({{ length: {len(days)} }}, (_none, number) => {first} + number);
      return days.map((day) => {{
        const date = jalaliOf(day);
        return [date.year, date.month, date.day, dayOfJalali(date.year, date.month, date.day) === day];
      }});
    """
    for day, (year, month, number, back) in zip(days, script(code), strict=True):
        expected = jdatetime.date.fromgregorian(date=day)
        assert (year, month, number, back) == (expected.year, expected.month, expected.day, True)
    calendar = tomllib.loads((assets.folder("templates") / "calendars" / "jalali.toml").read_text("utf-8"))
    years = range(calendar["first_year"], calendar["last_year"] + 1)
    leap = script(f"return [{years[0]}, {years[-1]}].concat(JALALI_YEARS, Array.from({{ length: {len(years)} }}, "
                  f"(_none, number) => {years[0]} + number).filter(isJalaliLeap));")  # fmt: skip
    assert leap == [years[0], years[-1], years[0], years[-1], *calendar["leap_years"]]


_SEPARATORS = st.sampled_from(["/", "-", ".", ",", " ", "٫", "٬", "،", "\\", "–", " / "])
_DIGITS = st.sampled_from([str, persian, lambda text: text.translate({48 + n: 0x660 + n for n in range(10)})])
_DAYS = st.dates(_FIRST, _LAST)


@st.composite
def typed_dates(draw: st.DrawFn) -> tuple[str, date]:
    """A date as somebody may type it, and the day that it means without a doubt."""
    day, sign, digits = draw(_DAYS), draw(_SEPARATORS), draw(_DIGITS)
    moment = jdatetime.date.fromgregorian(date=day) if draw(st.booleans()) else day
    year, month, number = moment.year, moment.month, moment.day
    pad = "02" if draw(st.booleans()) else "d"
    order = draw(st.sampled_from(["ymd", "compact", "dmy"]))
    certain = year < 1700 or number > 12 or number == month
    if order == "compact":
        text = f"{year}{month:02}{number:02}"
    elif order == "dmy" and certain:
        text = sign.join([format(number, pad), format(month, pad), str(year)])
    else:
        text = sign.join([str(year), format(month, pad), format(number, pad)])
    return digits(text) + draw(st.sampled_from(["", " ", "\u200f"])), day


# Each example is one run of Node with many dates: too dear to be made smaller.
@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(st.lists(typed_dates(), min_size=80, max_size=400))
def test_dates_are_understood_however_they_are_typed(script: Script, cases: list[tuple[str, date]]) -> None:
    texts = [text for text, _day in cases]
    code = f"""
      return {json.dumps(texts)}.map((text) => {{
        const shown = normalValue(CONFIG, 'due_jalali', 'text', text);
        return [meantDay(text), shown, normalValue(CONFIG, 'due_jalali', 'text', shown) === shown];
      }});
    """
    answers = script(code, digits="persian")
    for (text, day), (meant, shown, rests) in zip(cases, answers, strict=True):
        expected = jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d")
        assert (meant, latin(shown), rests) == (serial(day), expected, True), text
        assert shown == persian(shown)


@pytest.fixture(scope="module")
def uncertain(script: Script) -> list[Any]:
    return script(f"return {json.dumps(_UNCERTAIN)}.map(meantDay);")


_UNCERTAIN = (
    "", "x", "1405", "1405/8", "1405/13/1", "1405/0/1", "1404/12/30", "1405/7/31", "05/08/30", "8/30/1405", "3/4/2026",
    "2026-02-30", "1299/1/1", "1501/1/1", "2300/1/1", "1600/1/1", "1405/08/30 10:30", "tomorrow", "1405/8/3/1", 46347,
)  # fmt: skip


def test_what_is_not_certain_stays(uncertain: list[Any], script: Script) -> None:
    assert uncertain == [None] * len(_UNCERTAIN)
    code = f"return {json.dumps(_UNCERTAIN)}.map((one) => normalValue(CONFIG, 'due_jalali', 'text', one));"
    assert script(code) == list(_UNCERTAIN)


def test_a_date_cell_that_nobody_can_mean_is_jalali(script: Script) -> None:
    code = """
      const date = (year, month, day) => { const one = new Date(2000, month - 1, day); one.setFullYear(year); return one; };
      const good = date(2026, 11, 21);
      return [normalValue(CONFIG, 'due', 'date', date(1405, 8, 30)), normalValue(CONFIG, 'due', 'date', good) === good,
        normalValue(CONFIG, 'due_jalali', 'text', date(1405, 8, 30)), normalValue(CONFIG, 'due_jalali', 'text', good),
        normalValue(CONFIG, 'due', 'date', '\\u06f1\\u06f4\\u06f0\\u06f5/8/30')];
    """
    day = {"day": serial(date(2026, 11, 21))}
    assert script(code) == [day, True, "1405/08/30", "1405/08/30", day]


def forms(script: Script, column_type: str, cases: dict[Any, Any], **more: Any) -> None:
    """What each case becomes, and that it comes to rest there."""
    code = f"""
      const form = (value) => normalValue(CONFIG, 'x', {json.dumps(column_type)}, value);
      return {json.dumps(list(cases))}.map((one) => [form(one), form(form(one)) === form(one)]);
    """
    assert script(code, **more) == [[form, True] for form in cases.values()]


def test_phone_numbers(script: Script) -> None:
    cases = {
        "0912 345 67 89": "09123456789", "+98 (912) 345-6789": "+989123456789", "0098 912 345 6789": "+989123456789",
        "۰۹۱۲۳۴۵۶۷۸۹": "09123456789", "٠٩١٢-٣٤٥": "0912345", "+44 (0)20 7946 0958": "+442079460958", "021.88.77": "0218877",
        9123456789: "9123456789", "tel:+1-555-0100": "+15550100", "＋98 21 1234567": "+98211234567", "\u202a+9821123\u202c": "+9821123",
        "0912 111 2233 / 0912": "0912 111 2233 / 0912", "021 8877 ext. 5": "021 8877 ext. 5", "12": "12",
        " ask  Ali ": "ask  Ali", "0912,0913": "0912,0913", "1234567890123456": "1234567890123456", "": "",
    }  # fmt: skip
    forms(script, "phone", cases)


def test_addresses(script: Script) -> None:
    cases = {
        " Sara@Example.Com ": "Sara@example.com", "mailto:a@Example.Com": "a@example.com", "a\u200c@example.com\u200f": "a@example.com", "no address": "no address",
        "ali۱۲@example.com": "ali12@example.com", "A B <A@EXAMPLE.COM>": "A B <A@example.com>",
    }  # fmt: skip
    forms(script, "email", cases)


def test_numbers(script: Script) -> None:
    cases = {
        "۱۲٬۵۰۰": 12500, "١٢٥٠٠": 12500, "۱۲۵۰۰٫۵": 12500.5, "12,500,000": 12500000, "1,2": "1,2", "12,50": "12,50", "-۵": -5,
        "۵۰٪": 0.5, "۵۰ تومان": "۵۰ تومان", "1e5": "1e5", "": "", ".5": 0.5, "۱۴۰۵/۸": "۱۴۰۵/۸", 7: 7,
    }  # fmt: skip
    forms(script, "money", cases)


def test_letters(script: Script) -> None:
    cases = {
        "علي كريمي": "علی کریمی", "می\u200cرود": "می\u200cرود", "می\u200c\u200cرود \u200cاو\u200c": "می\u200cرود او",
        "  دو   فاصله ": "دو فاصله", "\u202eAli\ufeff": "Ali", "فاطمة": "فاطمة", "۱۲": "۱۲",
    }  # fmt: skip
    forms(script, "name", cases, language="fa")
    forms(script, "name", {"علي كريمي": "علي كريمي", " Ann  Lee": "Ann Lee"}, language="en")
    forms(script, "long_text", {" a  b\n c ": " a  b\n c "}, language="en")


def test_what_looks_alike_is_the_same(script: Script) -> None:
    code = """
      return [folded('\\u0639\\u0644\\u064a  ALI\\u200c\\u06f1') === folded('\\u0639\\u0644\\u06cc ali1'), sameness('+98 912 345 6789', 'phone') === sameness('09123456789', 'phone'),
        sameness('0912345', 'phone') === sameness('0912346', 'phone'), sameness('12', 'phone'), sameness(null, 'email')];
    """
    assert script(code) == [True, True, False, "", ""]
