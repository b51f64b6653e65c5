"""Every error a user can meet: one tree, data instead of prose, printed in one place (commands/).

    CrmError                 anything a user can mend; exit code 1
    ├── DescriptionError     crm.toml: all of its problems at once
    ├── FleetError           clients.toml with the descriptions that follow from it: all of their problems at once
    ├── TemplateError        templates/: all of their problems at once
    ├── ModelError           a workbook that contradicts itself
    ├── BodyError            a request body that the discovery document does not allow
    ├── RestError            an answer of the service that is no success
    │   └── LostAnswer       none came at all, or none that tells whether the request took effect
    ├── LoginError           no account, a login that no longer holds, credentials that cannot be used
    ├── WorkspaceError       a local workspace that is locked, missing, broken or of a newer version
    ├── RunError             a script that cannot be run here: no Node.js, or it died (local/runtime)
    ├── BaselineError        what was last applied is damaged, or of a later version (sheets/baseline.py)
    └── StaleError           the plan that was agreed to is not the plan of this moment (deploy/apply.py)

A bug is any other exception, and is shown with its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it."""

    message: str
    file: str = ""
    path: str = ""  # dotted path inside the file, e.g. "lists.deal_stage[2].colour"
    line: int = 0  # 1-based; 0 = unknown
    hint: str = ""  # what to do, or "did you mean …?"

    def __str__(self) -> str:
        where = self.file + (f":{self.line}" if self.line else "")
        head = ": ".join(part for part in (where, self.path) if part)
        text = f"{head}: {self.message}" if head else self.message
        return f"{text} ({self.hint})" if self.hint else text


class CrmError(Exception):
    """Something the user can mend: what happened, where, what to do."""


class ProblemsError(CrmError):
    """Several problems of one input, reported together."""

    title = "problems"

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DescriptionError(ProblemsError):
    """crm.toml cannot be used as it stands."""

    title = "crm.toml cannot be used"


class FleetError(ProblemsError):
    """clients.toml, or a description that follows from it, cannot be used as it stands."""

    title = "clients.toml cannot be used"


class TemplateError(ProblemsError):
    """templates/ cannot be used as they stand."""

    title = "the templates cannot be used"


class ModelError(ProblemsError):
    """A workbook refers to something that it does not hold."""

    title = "the workbook contradicts itself"


class BodyError(ProblemsError):
    """A request body that the discovery document does not allow; nothing was sent."""

    title = "a request was not sent"


class RestError(CrmError):
    """The service answered with something else than success; `told` is what that means and what to do."""

    def __init__(self, status: int, code: str, message: str, method: str = "", told: str = ""):
        self.status = status  # HTTP status; 0 where none came
        self.code = code  # Google's status word, e.g. "INVALID_ARGUMENT"
        self.message = message
        self.method = method  # e.g. "spreadsheets.batchUpdate"
        self.told = told
        super().__init__(status, code, message, method, told)

    def __str__(self) -> str:
        said = " ".join(part for part in (str(self.status or ""), self.code) if part)
        said = ": ".join(part for part in (self.method, said, self.message) if part)
        return f"{self.told} ({said})" if self.told else said


class LostAnswer(RestError):
    """Whether the request took effect is not known: look before it is sent again. `status` is 0 where nothing came."""


class LoginError(CrmError):
    """Nobody is logged in, the login no longer holds, or what is kept of it cannot be used."""


class WorkspaceError(CrmError):
    """A local workspace that cannot be opened or used."""


class RunError(CrmError):
    """A script cannot be run here: there is no Node.js, no script, or the process that ran it is gone."""
