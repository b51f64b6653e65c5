"""A file as version 2 of Drive shows it: the older clients upload through that version and read its answer."""

from __future__ import annotations

from typing import Any

from . import permissions
from .exports import TYPES
from .workspace import SPREADSHEET

Json = dict[str, Any]
_API = "https://www.googleapis.com/drive/v2/files"
_SHEETS = "https://docs.google.com/spreadsheets"


def shown(file: Json) -> Json:
    """The file of a workspace in the fields of the older service (recorded)."""
    id, kind = file["id"], file["mimeType"]
    name = permissions.user()["displayName"]
    person = {
        "displayName": name,
        "kind": "drive#user",
        "isAuthenticatedUser": True,
        "permissionId": permissions.user()["permissionId"],
        "emailAddress": permissions.OWNER_EMAIL,
        "picture": {"url": "https://lh3.googleusercontent.com/a/default-user=s64"},
    }
    told: Json = {
        "kind": "drive#file",
        "userPermission": {
            "id": "me",
            "type": "user",
            "role": "owner",
            "kind": "drive#permission",
            "selfLink": f"{_API}/{id}/permissions/me",
            "etag": _tag(file),
            "pendingOwner": False,
        },
        "selfLink": f"{_API}/{id}",
        "ownerNames": [name],
        "lastModifyingUserName": name,
        "editable": True,
        "writersCanShare": True,
        "mimeType": kind,
        "parents": [_parent(id, parent) for parent in file["parents"]],
        "appDataContents": False,
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{kind}",
        "shared": len(permissions.of_file(file)) > 1,
        "lastModifyingUser": person,
        "owners": [person],
        "copyable": True,
        "etag": _tag(file),
        "fileSize": file.get("size", "1024"),
        "copyRequiresWriterPermission": False,
        "spaces": ["drive"],
        "id": id,
        "title": file["name"],
        "labels": {
            "viewed": True,
            "restricted": False,
            "starred": bool(file.get("starred")),
            "hidden": False,
            "trashed": file["trashed"],
        },
        "explicitlyTrashed": file["trashed"],
        "createdDate": file["createdTime"],
        "modifiedDate": file["modifiedTime"],
        "modifiedByMeDate": file["modifiedTime"],
        "lastViewedByMeDate": file["modifiedTime"],
        "markedViewedByMeDate": "1970-01-01T00:00:00.000Z",
        "quotaBytesUsed": file.get("size", "1024"),
        "version": file["version"],
        "capabilities": {"canEdit": True, "canCopy": True},
    }
    if kind == SPREADSHEET:
        told |= {
            "alternateLink": f"{_SHEETS}/d/{id}/edit?usp=drivesdk",
            "embedLink": f"{_SHEETS}/d/{id}/htmlembed",
            "thumbnailLink": f"https://docs.google.com/feeds/vt?gd=true&id={id}&v=1",
            "exportLinks": {type_: f"{_SHEETS}/export?id={id}&exportFormat={short}" for type_, short in TYPES.items()},
        }
    return told


def _parent(id: str, parent: str) -> Json:
    return {
        "selfLink": f"{_API}/{id}/parents/{parent}",
        "id": parent,
        "isRoot": parent == "root",
        "kind": "drive#parentReference",
        "parentLink": f"{_API}/{parent}",
    }


def _tag(file: Json) -> str:
    return f'"{file["modifiedTime"]}-{file["version"]}"'
