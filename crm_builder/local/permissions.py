"""Drive permissions: who may do what with a file; the owner's own permission is always there."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from . import fields
from .errors import DriveError

if TYPE_CHECKING:
    from .workspace import Workspace

Json = dict[str, Any]
OWNER_EMAIL = "owner@example.com"
_OWNER_NAME = "Owner"
_SHORT = ("kind", "id", "type", "role")  # what is "always returned" (documented)
_WRITABLE = ("id", "type", "role", "emailAddress", "domain", "allowFileDiscovery", "expirationTime", "view", "kind")
_ROLES = ("owner", "writer", "commenter", "reader")
_TYPES = ("user", "group", "domain", "anyone")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_GRANTS = "grants"  # of a stored file: every permission but the owner's


def number(text: str) -> str:
    """The id of a grantee: twenty digits, the same for the same address on every file (documented)."""
    return str(int.from_bytes(hashlib.sha256(text.casefold().encode()).digest()[:8]) % 10**20).zfill(20)


def user() -> Json:
    """The account that owns every file of a workspace, as Drive shows a user."""
    return {
        "kind": "drive#user",
        "displayName": _OWNER_NAME,
        "me": True,
        "permissionId": number(OWNER_EMAIL),
        "emailAddress": OWNER_EMAIL,
    }


def about(query: Json) -> Json:
    """about.get: the account; fields must be given (documented)."""
    if not query.get("fields"):
        raise DriveError(400, "required", "The 'fields' parameter is required for this method.", "fields")
    known = {
        "kind": "drive#about",
        "user": user(),
        "storageQuota": {"limit": str(15 * 2**30), "usage": "0", "usageInDrive": "0", "usageInDriveTrash": "0"},
        "maxUploadSize": "5242880000000",
        "appInstalled": False,
        "canCreateDrives": False,
        "canCreateTeamDrives": False,
    }
    return fields.cut(known, fields.parse(query["fields"], "drive", "About"))


def of_file(file: Json) -> list[Json]:
    """All permissions of a stored file, the owner's last."""
    owner = {
        "kind": "drive#permission",
        "id": number(OWNER_EMAIL),
        "type": "user",
        "role": "owner",
        "emailAddress": OWNER_EMAIL,
        "displayName": _OWNER_NAME,
        "deleted": False,
        "pendingOwner": False,
    }
    return [*file.get(_GRANTS, []), owner]


def shown(file: Json) -> Json:
    """A stored file with the fields that follow from its permissions."""
    everyone = of_file(file)
    told = {name: value for name, value in file.items() if name != _GRANTS}
    may = ("canEdit", "canCopy", "canShare", "canDelete", "canDownload", "canRename", "canTrash", "canUntrash")
    return {
        **told,
        "owners": [user()],
        "lastModifyingUser": user(),
        "permissions": everyone,
        "permissionIds": [one["id"] for one in everyone],
        "shared": len(everyone) > 1,
        "writersCanShare": True,
        "capabilities": dict.fromkeys((*may, "canComment", "canModifyContent", "canReadRevisions"), True),
    }


def create(workspace: Workspace, file_id: str, body: Json, query: Json) -> Json:
    """permissions.create; for somebody who has one already the role becomes the new one."""
    file = _file(workspace, file_id)
    grant = _grant(body, query)
    if grant["id"] == number(OWNER_EMAIL):  # the owner has every right already and keeps it
        return _answer(of_file(file)[-1], query)
    others = [one for one in file.get(_GRANTS, []) if one["id"] != grant["id"]]
    _save(workspace, file, [grant, *others])
    return _answer(grant, query)


def listing(workspace: Workspace, file_id: str, query: Json) -> Json:
    """permissions.list with pageSize and pageToken; without a size all of them (documented for files of one's own)."""
    everyone = of_file(_file(workspace, file_id))
    token = query.get("pageToken", "")
    if token and not (token.startswith("from-") and token[5:].isdecimal()):
        raise DriveError(400, "invalid", "Invalid Value", "pageToken")
    start = int(token[5:]) if token else 0
    end = start + min(query.get("pageSize", len(everyone)), 100 if "pageSize" in query else len(everyone))
    answer: Json = {"kind": "drive#permissionList"}
    if end < len(everyone):
        answer["nextPageToken"] = f"from-{end}"
    if query.get("fields"):
        mask = fields.parse(query["fields"], "drive", "PermissionList")
        return fields.cut({**answer, "permissions": everyone[start:end]}, mask)
    return {**answer, "permissions": [_short(one) for one in everyone[start:end]]}


def get(workspace: Workspace, file_id: str, id: str, query: Json) -> Json:
    return _answer(_found(_file(workspace, file_id), id), query)


def update(workspace: Workspace, file_id: str, id: str, body: Json, query: Json) -> Json:
    """permissions.update: role and expiration; the owner stays the owner."""
    file = _file(workspace, file_id)
    found = _found(file, id)
    for name in body:
        if name not in ("role", "expirationTime", "kind"):
            text = f"The resource body includes fields which are not directly writable. ({name})"
            raise DriveError(403, "fieldNotWritable", text)
    role = body.get("role", found["role"])
    if found["role"] == "owner":
        if role != "owner":
            text = "The user does not have sufficient permissions for this file."
            raise DriveError(403, "insufficientFilePermissions", text)
        return _answer(found, query)
    changed = {**found, **{name: body[name] for name in ("role", "expirationTime") if name in body}}
    _check_role(changed["role"], query)
    if query.get("removeExpiration"):
        changed.pop("expirationTime", None)
    _save(workspace, file, [changed if one["id"] == id else one for one in file.get(_GRANTS, [])])
    return _answer(changed, query)


def delete(workspace: Workspace, file_id: str, id: str) -> None:
    """permissions.delete; the owner's is refused."""
    file = _file(workspace, file_id)
    if _found(file, id)["role"] == "owner":
        raise DriveError(403, "forbidden", "The owner of a file cannot be removed.")
    _save(workspace, file, [one for one in file.get(_GRANTS, []) if one["id"] != id])


def _grant(body: Json, query: Json) -> Json:
    for name in body:
        if name not in _WRITABLE:
            text = f"The resource body includes fields which are not directly writable. ({name})"
            raise DriveError(403, "fieldNotWritable", text)
    for name in ("type", "role"):
        if not body.get(name):
            raise _wrong("required", f"The permission {name} field is required.", name)
    kind = body["type"]
    if kind not in _TYPES:
        raise _wrong("invalid", "The specified type is invalid or is not currently usable.", "type")
    _check_role(body["role"], query)
    grant: Json = {"kind": "drive#permission", "type": kind, "role": body["role"]}
    if kind in ("user", "group"):
        address = body.get("emailAddress", "")
        if not _ADDRESS.fullmatch(address):
            raise _not_applicable("emailAddress")
        name = address.partition("@")[0]
        grant |= {"id": number(address), "emailAddress": address, "displayName": name, "deleted": False}
        if kind == "user":
            grant["pendingOwner"] = False
        if "expirationTime" in body:
            grant["expirationTime"] = body["expirationTime"]
        return grant
    if "emailAddress" in body:
        raise _not_applicable("emailAddress")
    if query.get("sendNotificationEmail"):
        text = "The sendNotificationEmail parameter is only valid for permissions of type 'user' or 'group'."
        raise DriveError(400, "invalid", text, "sendNotificationEmail")
    open_to_search = bool(body.get("allowFileDiscovery"))
    grant["allowFileDiscovery"] = open_to_search
    if kind == "anyone":
        return {**grant, "id": "anyone" if open_to_search else "anyoneWithLink"}
    if not body.get("domain"):
        raise _not_applicable("domain")
    return {**grant, "id": number(body["domain"]) + "k", "domain": body["domain"], "displayName": body["domain"]}


def _check_role(role: str, query: Json) -> None:
    if role not in _ROLES:
        raise _wrong("invalid", "The specified role is invalid or not supported.", "role")
    if role == "owner":
        if not query.get("transferOwnership"):
            text = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
            raise DriveError(403, "forbidden", text, "transferOwnership")
        raise DriveError(403, "forbidden", "A local workspace has one account: ownership cannot be transferred.")


def _not_applicable(name: str) -> DriveError:
    text = f"The specified {name} is invalid or not applicable for the given permission type."
    return _wrong("invalid", text, name)


def _wrong(reason: str, message: str, name: str) -> DriveError:
    return DriveError(400, reason, message, f"permission.{name}", "other")


def _file(workspace: Workspace, id: str) -> Json:
    file = workspace.file(id)
    if file is None:
        raise DriveError(404, "notFound", f"File not found: {id}.", "fileId")
    return file


def _found(file: Json, id: str) -> Json:
    for one in of_file(file):
        if one["id"] == id:
            return one
    raise DriveError(404, "notFound", f"Permission not found: {id}.", "permissionId")


def _save(workspace: Workspace, file: Json, grants: list[Json]) -> None:
    version = str(int(file["version"]) + 1)
    workspace.put_file({**file, _GRANTS: grants, "version": version})


def _short(permission: Json) -> Json:
    return {name: permission[name] for name in _SHORT}


def _answer(permission: Json, query: Json) -> Json:
    if query.get("fields"):
        return fields.cut(permission, fields.parse(query["fields"], "drive", "Permission"))
    return _short(permission)
