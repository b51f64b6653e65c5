"""One chart as HTML: title, legend, drawing, and its figures as a table for those who would rather read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_builder.preview import dark
from crm_builder.preview.charts import others, plot
from crm_builder.preview.charts.bars import bars
from crm_builder.preview.charts.numbers import style_of
from crm_builder.preview.charts.palette import Palette
from crm_builder.preview.charts.series import ChartData, series_of
from crm_builder.preview.charts.sizes import width
from crm_builder.preview.charts.source import Source
from crm_builder.preview.charts.svg import CannotDraw, draw
from crm_builder.preview.styles import Styles, colour, text_css
from crm_builder.preview.text import attribute, content, cut
from crm_builder.preview.words import number, sentence

Json = Mapping[str, Any]

TITLE = 240  # characters
NAME = 160
ROWS = 300  # of the table of figures
SPOKEN = 14  # figures in the name of a drawing
_PAD = 12  # pixels inside a chart's edge
_BASIC = ("LINE", "AREA", "STEPPED_AREA", "COLUMN", "COMBO")
_ALIGN = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}


def _short(data: ChartData) -> ChartData:
    """The figures with texts of a length that can be laid out."""

    def texts(given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cut(text, NAME) for text in given)

    series = tuple(replace(one, name=cut(one.name, NAME), shown=texts(one.shown)) for one in data.series)
    return replace(data, labels=texts(data.labels), series=series)


class Charts:
    """The charts of a page: draws each, and keeps their tables of figures, which stand after the sheets' grids."""

    def __init__(self, spreadsheet: Json, styles: Styles, words: Mapping[str, str]):
        self._source = Source(spreadsheet)
        self._styles, self._words = styles, words
        self._count = 0
        self.tables: list[str] = []

    def figure(self, chart: Json, box: tuple[int, int], place: str, right_to_left: bool) -> str:
        """The <figure> of an EmbeddedChart in a box of so many pixels."""
        self._count += 1
        key = f"numbers-{self._count}"
        spec = chart.get("spec", {})
        data = _short(series_of(chart, self._source))
        given = spec.get("basicChart") or spec.get("pieChart") or spec.get("histogramChart") or {}
        palette = Palette(self._styles.theme)
        title = cut(data.title or self._words["chart"], TITLE)
        room = box[0] - 2 * _PAD
        head, used = self._head(spec, title, room, key, bool(data.series))
        if data.kind == "HISTOGRAM":
            data, given = others.histogram(data, given, self._words)
        legend, lines = self._legend(data, given, palette, room)
        size = float(room), float(max(24, box[1] - 2 * _PAD - used - lines))
        spoken = attribute(cut(str(spec.get("altText") or "") or self._spoken(title, data), 600))
        try:
            body = self._body(data, given, size, palette, right_to_left, spoken)
        except CannotDraw:
            body = None
        if body is None:
            legend, body = "", self._scrolled(title, data, size)
        elif data.series:
            self.tables.append(
                f'<div popover id="{key}" class=numbers role=dialog aria-label="{attribute(title)}"'
                f" dir={'rtl' if right_to_left else 'ltr'}>{self._table(title, data)}</div>"
            )
        look = self._look(chart, spec)
        names = f"chart {look}" if look else "chart"
        way = "rtl" if right_to_left else "ltr"
        return f'<figure class="{names}" style="{place}" dir={way}>{head}{legend}{body}</figure>'

    def _look(self, chart: Json, spec: Json) -> str:
        parts = []
        if (ground := colour(spec, "backgroundColor", self._styles.theme)) and ground != "#ffffff":
            parts += dark.either("background-color", ground, dark.paper(ground))
        if line := colour(chart.get("border", {}), "color", self._styles.theme):
            parts += dark.either("border-color", line, dark.line(line))
        return self._styles.name(";".join(parts))

    def _head(self, spec: Json, title: str, room: float, key: str, table: bool) -> tuple[str, int]:
        """Title, subtitle and what the figures are, and the pixels they take."""
        form = spec.get("titleTextFormat", {})
        declarations = text_css({name: form[name] for name in form if name != "fontFamily"}, self._styles.theme)
        if side := _ALIGN.get(spec.get("titleTextPosition", {}).get("horizontalAlignment", "")):
            declarations.append(f"text-align:{side}")
        look = self._styles.name(";".join(declarations))
        size = float(form.get("fontSize", 10.5)) * 4 / 3
        lines = 2 if width(title, size) > room - 24 else 1
        used = int(size * 1.45 * lines) + 6
        out = f'<b class="{look}" dir=auto>{content(title)}</b>' if look else f"<b dir=auto>{content(title)}</b>"
        if subtitle := cut(str(spec.get("subtitle", "")), TITLE):
            out += f"<span dir=auto>{content(subtitle)}</span>"
            used += 18
        axes = spec.get("basicChart", {}).get("axis", [])
        units = [str(axis["title"]) for axis in axes if axis.get("title") and axis.get("position") != "BOTTOM_AXIS"]
        if spec.get("basicChart", {}).get("chartType") == "BAR":
            units = [str(axis["title"]) for axis in axes if axis.get("title")]
        if units:
            out += f"<span dir=auto>{content(cut(' · '.join(units), TITLE))}</span>"
            used += 18
        label = attribute(f"{self._words['show_table']}: {title}")
        button = f'<button type=button class=tb popovertarget="{key}" aria-label="{label}"></button>' if table else ""
        return f"<figcaption>{out}</figcaption>{button}", used

    def _legend(self, data: ChartData, given: Json, palette: Palette, room: float) -> tuple[str, int]:
        """Names of the series beside their colours; none where there is one series, whose name is the title."""
        shown = [one for one in data.series if any(value is not None for value in one.values)]
        if data.kind not in (*_BASIC, "BAR", "SCATTER") or len(shown) < 2:
            return "", 0
        if given.get("legendPosition") == "NO_LEGEND":
            return "", 0
        out, lines, at = [], 1, 0.0
        own = given.get("series", [])
        turned = bool((given.get("domains") or [{}])[0].get("reversed"))
        for one in shown:
            name = cut(one.name, 60)
            if own[one.at].get("targetAxis") == "RIGHT_AXIS":
                name += " ←" if turned else " →"
            needed = width(name, 12) + 34
            if at and at + needed > room:
                lines, at = lines + 1, 0.0
            at += needed
            swatch = self._swatch(palette.given(own[one.at], one.at))
            out.append(f"<li><i class={swatch}></i><bdi>{content(name)}</bdi></li>")
        return f"<ul class=legend aria-hidden=true>{''.join(out)}</ul>", lines * 20 + 4

    def _swatch(self, real: str) -> str:
        return self._styles.name(";".join(dark.either("background-color", real, dark.mark(real))))

    def _body(
        self,
        data: ChartData,
        given: Json,
        size: tuple[float, float],
        palette: Palette,
        right_to_left: bool,
        spoken: str,
    ) -> str | None:
        """The drawing; None where the kind of chart has none."""
        if data.kind == "SCORECARD":
            return self._card(data)
        if not any(value is not None for one in data.series for value in one.values):
            return f"<p class=none>{content(self._words['no_figures'])}</p>" if data.kind != "OTHER" else None
        if data.kind == "PIE":
            return self._pie(data, given, size, palette, spoken)
        if data.kind in _BASIC and data.labels:
            specification = plot.along(data, given, size, self._words, palette)
        elif data.kind == "BAR" and data.labels:
            specification = bars(data, given, size, self._words, palette, right_to_left)
        elif data.kind == "SCATTER" and any(place is not None for place in data.positions):
            specification = others.cloud(data, given, size, self._words, palette)
        else:
            return None
        return self._svg(draw(specification, palette, self._styles), size, spoken)

    def _svg(self, inner: str, size: tuple[float, float], spoken: str) -> str:
        box = f'width="{size[0]:g}" height="{size[1]:g}" viewBox="0 0 {size[0]:g} {size[1]:g}"'
        return f'<svg class="plot" role="img" aria-label="{spoken}" {box}>{inner}</svg>'

    def _pie(
        self, data: ChartData, given: Json, size: tuple[float, float], palette: Palette, spoken: str
    ) -> str | None:
        parts = others.slices_of(data, palette)
        if not parts:
            return f"<p class=none>{content(self._words['no_figures'])}</p>"
        named = given.get("legendPosition") != "NO_LEGEND"
        side = min(size[1], size[0] * (0.46 if named else 1))
        specification = others.pie(data, given, (side, side), palette)
        drawing = self._svg(draw(specification, palette, self._styles), (side, side), spoken)
        if not named:
            return f"<div class=pie>{drawing}</div>"
        most = max(1, int(size[1] / 20))
        shown = parts if len(parts) <= most else parts[: most - 1]
        style = style_of(data.series[0].shown, self._words)
        shares = type(style)(style.words, style.digits, percent=True)
        items = [
            f"<li><i class={self._swatch(one.colour)}></i><bdi>{content(cut(one.name, NAME))}</bdi>"
            f"<b>{content(shares.write(one.share))}</b></li>"
            for one in shown
        ]
        if len(shown) < len(parts):
            rest = parts[len(shown) :]
            name = content(sentence("more_parts", self._words, count=number(len(rest), self._words)))
            items.append(f"<li><i></i><bdi>{name}</bdi><b>{content(shares.write(sum(o.share for o in rest)))}</b></li>")
        return f"<div class=pie>{drawing}<ul aria-hidden=true>{''.join(items)}</ul></div>"

    def _card(self, data: ChartData) -> str:
        texts = []
        for one in data.series:
            style = style_of(one.shown, self._words)
            value = one.values[0] if one.values else None
            texts.append(one.shown[0] or (style.write(value) if value is not None else ""))
        big = f"<strong>{content(cut(texts[0], NAME))}</strong>" if texts else ""
        small = f"<span>{content(cut(texts[1], NAME))}</span>" if len(texts) > 1 else ""
        return f"<div class=score>{big}{small}</div>"

    def _spoken(self, title: str, data: ChartData) -> str:
        """What a chart without a description of its own says: its title and first figures."""
        parts = []
        for one in data.series[:4]:
            labels = data.labels or ("",) * len(one.shown)
            pairs = [f"{label} {shown}".strip() for label, shown in zip(labels, one.shown, strict=False) if shown]
            more = " …" if len(pairs) > SPOKEN else ""
            parts.append((f"{one.name}: " if one.name else "") + ", ".join(pairs[:SPOKEN]) + more)
        return ". ".join([title, *parts])

    def _scrolled(self, title: str, data: ChartData, size: tuple[float, float]) -> str:
        """The figures in place of a drawing."""
        if not data.series:
            return f"<p class=none>{content(self._words['no_figures'])}</p>"
        place = f'style="height:{size[1]:g}px" tabindex=0 role=region aria-label="{attribute(title)}"'
        return f"<div class=instead {place}>{self._table(title, data)}</div>"

    def _table(self, title: str, data: ChartData) -> str:
        def text(value: str) -> str:
            return content(cut(value, NAME))

        labelled = bool(data.labels)
        names = [text(one.name) or content(self._words["value"]) for one in data.series]
        heads = [f"<th scope=col>{content(self._words['label'])}</th>"] if labelled else []
        heads += [f"<th scope=col>{name}</th>" for name in names]
        count = max([len(data.labels), *(len(one.shown) for one in data.series)])
        rows = []
        for at in range(min(count, ROWS)):
            first = f"<th scope=row dir=auto>{text(data.labels[at])}</th>" if labelled else ""
            cells = (one.shown[at] if at < len(one.shown) else "" for one in data.series)
            rows.append(f"<tr>{first}{''.join(f'<td dir=auto>{text(cell)}</td>' for cell in cells)}</tr>")
        if count > ROWS:
            line = sentence("more_rows", self._words, count=number(count - ROWS, self._words))
            rows.append(f"<tr><td colspan={len(heads)}>{content(line)}</td></tr>")
        return (
            f"<table><caption>{text(title)}</caption><thead><tr>{''.join(heads)}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table>"
        )
