"""Ui: menus, questions and pages over the sheet; what is shown is noted in the world, what people answer comes from it.

Entries of `world.shown`: {"kind": "menu", "title", "items"} · {"kind": "alert" | "prompt", "title", "text", "buttons",
"answer"} · {"kind": "dialog" | "sidebar", "title", "page" (the HtmlOutput), "modal"} · {"kind": "toast", …}. Items are
{"title", "entry"}, {"title", "items"} or None for a line. Answers: a button's name, None for the cross; to a prompt a
text, which stands for OK, or (button's name, text).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..objects import Choice, Scripted, method, mismatch
from .arguments import fitting
from .context import Context
from .enums import BUTTON, BUTTON_SET

if TYPE_CHECKING:
    from ..world import World

PAGES = ("https://www.googleapis.com/auth/script.container.ui",)
_LINES = (str, int, float, bool)  # what a question may be asked with: numbers too are shown as text


class Menu(Scripted):
    type = "Menu"

    def __init__(self, context: Context, title: str):
        self.context = context
        self.title = title
        self.items: list[dict[str, Any] | None] = []

    @method
    def addItem(self, *given: Any) -> Menu:
        title, entry = fitting(self, "addItem", given, (str, str))
        self.items.append({"title": title, "entry": entry})
        return self

    @method
    def addSeparator(self) -> Menu:
        self.items.append(None)
        return self

    @method
    def addSubMenu(self, *given: Any) -> Menu:
        (menu,) = fitting(self, "addSubMenu", given, (Menu,))
        self.items.append({"title": menu.title, "items": menu.items})
        return self

    @method
    def addToUi(self) -> None:
        self.context.world.shown.append({"kind": "menu", "title": self.title, "items": self.items})


class PromptResponse(Scripted):
    type = "PromptResponse"

    def __init__(self, button: Choice, text: str):
        self.button = button
        self.answer = text

    @method
    def getSelectedButton(self) -> Choice:
        return self.button

    @method
    def getResponseText(self) -> str:
        return self.answer


class Ui(Scripted):
    type = "Ui"
    constants: ClassVar[Mapping[str, Any]] = {"Button": BUTTON, "ButtonSet": BUTTON_SET}

    def __init__(self, context: Context):
        self.context = context

    @property
    def world(self) -> World:
        return self.context.world

    # -- menus -----------------------------------------------------------------------------------------------------

    @method
    def createMenu(self, *given: Any) -> Menu:
        (title,) = fitting(self, "createMenu", given, (str,))
        return Menu(self.context, title)

    @method
    def createAddonMenu(self) -> Menu:
        """In a script that is bound to its file, an add-on's menu has the name of the project (documented)."""
        return Menu(self.context, str(self.world.project.get("title", "")))

    # -- questions -------------------------------------------------------------------------------------------------

    @method
    def alert(self, *given: Any) -> Choice:
        asked = self._asked("alert", given)
        button, _ = self._answered(asked, self.world.answer(asked))
        return button

    @method
    def prompt(self, *given: Any) -> PromptResponse:
        asked = self._asked("prompt", given)
        answer = self.world.answer(asked)
        if isinstance(answer, str) and answer not in _names(asked["buttons"]):
            answer = ("OK", answer)
        return PromptResponse(*self._answered(asked, answer))

    def _asked(self, kind: str, given: Sequence[Any]) -> dict[str, Any]:
        """The question as it is shown: text, text and buttons, or title, text and buttons."""
        buttons = BUTTON_SET["OK"]  # what stands there when none are named (documented of both)
        lines = list(given)
        if len(lines) > 1 and isinstance(lines[-1], Choice) and lines[-1] in BUTTON_SET.values.values():
            buttons = lines.pop()
        elif len(lines) != 1:
            raise mismatch(self, kind, given)
        if not 1 <= len(lines) <= 2 or not all(isinstance(line, _LINES) for line in lines):
            raise mismatch(self, kind, given)
        title = str(lines[0]) if len(lines) == 2 else ""
        return {"kind": kind, "title": title, "text": str(lines[-1]), "buttons": buttons.name}

    def _answered(self, asked: dict[str, Any], answer: Any) -> tuple[Choice, str]:
        """The button and the text that somebody answered with; nobody there closes the window."""
        given = answer if isinstance(answer, list | tuple) else (answer, "")
        name, text = (given[0] or "CLOSE"), str(given[1])
        if name != "CLOSE" and name not in _names(asked["buttons"]):
            raise ValueError(f"{asked['kind']} {asked['text']!r} shows {asked['buttons']}: {name} cannot be answered")
        self.world.shown.append({**asked, "answer": name})
        return BUTTON[name], text

    # -- pages -----------------------------------------------------------------------------------------------------

    @method(scopes=PAGES, limited=False)
    def showModalDialog(self, *given: Any) -> None:
        self._page("showModalDialog", "dialog", given, True)

    @method(scopes=PAGES, limited=False)
    def showModelessDialog(self, *given: Any) -> None:
        self._page("showModelessDialog", "dialog", given, False)

    @method(scopes=PAGES, limited=False)
    def showSidebar(self, page: Any) -> None:
        self._page("showSidebar", "sidebar", [page, ""], False)

    def _page(self, name: str, kind: str, given: Sequence[Any], modal: bool) -> None:
        if len(given) != 2 or not isinstance(given[1], str) or getattr(given[0], "type", "") != "HtmlOutput":
            raise mismatch(self, name, given)
        page, title = given
        self.world.shown.append({"kind": kind, "title": title or page.title or "", "page": page, "modal": modal})


def _names(buttons: str) -> list[str]:
    return buttons.split("_")
