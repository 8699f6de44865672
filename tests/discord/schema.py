"""Discord's own OpenAPI document as the rule book for every request the bot makes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from tests.discord.payloads import Json

REPOSITORY: Final = Path(__file__).resolve().parents[2]
# Sent by discord.py, accepted by Discord, absent from its document (a preview: the prose wins).
TOLERATED: Final = {"tts", "nonce", "enforce_nonce", "nsfw"}


def reference_path() -> Path:
    """``$NIGHTJAR_REFERENCE/discord-openapi.json``, else the copy beside the repository."""
    folder = os.environ.get("NIGHTJAR_REFERENCE") or REPOSITORY.parent / "shared" / "reference"
    return Path(folder) / "discord-openapi.json"


@cache
def rule_book() -> RuleBook | None:
    """The rule book, or None where the document is absent (its checks are then left out)."""
    path = reference_path()
    return RuleBook(json.loads(path.read_text("utf-8"))) if path.is_file() else None


class RuleBook:
    """Answers one question: what is wrong with this request by the document?"""

    def __init__(self, document: Json) -> None:
        self._components: Json = document["components"]
        self._routes = [(_template(path), path, item) for path, item in document["paths"].items()]
        self._validators: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}

    def violations(self, method: str, path: str, query: set[str], body: Any) -> Iterator[str]:
        """One sentence for each way in which the request breaks the document."""
        route, operation = self._operation(method.lower(), path)
        if operation is None:
            yield f"{method} {path} is not a route of the API"
            return
        known = {p["name"] for p in operation.get("parameters", ()) if p.get("in") == "query"}
        yield from (f"unknown query parameter {name}" for name in query - known)
        content = operation.get("requestBody", {}).get("content", {})
        if body is None or "application/json" not in content:
            return
        schema = content["application/json"]["schema"]
        document = _with_text_ids(body)
        for error in self._validator(method, route, schema).iter_errors(document):
            yield f"{'/'.join(map(str, error.instance_path)) or 'body'}: {error.message[:300]}"
        yield from self._unknown([schema], body, "")

    def _operation(self, method: str, path: str) -> tuple[str, Json | None]:
        for pattern, route, item in self._routes:
            if method in item and pattern.fullmatch(path):
                return route, item[method]
        return "", None

    def _validator(
        self, method: str, route: str, schema: Json
    ) -> jsonschema_rs.Draft202012Validator:
        key = (method, route)
        if key not in self._validators:
            whole = {**schema, "components": self._components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole)
        return self._validators[key]

    def _unknown(self, schemas: list[Json], value: Any, where: str) -> Iterator[str]:
        """Names that no alternative of the schema knows: the document itself lets them pass."""
        flat = list(self._flatten(schemas))
        if isinstance(value, list):
            items = [schema["items"] for schema in flat if isinstance(schema.get("items"), dict)]
            for index, item in enumerate(value):
                yield from self._unknown(items, item, f"{where}/{index}")
        elif isinstance(value, dict) and not any("additionalProperties" in s for s in flat):
            for name, item in value.items():
                inner = [s["properties"][name] for s in flat if name in s.get("properties", {})]
                if inner:
                    yield from self._unknown(inner, item, f"{where}/{name}")
                elif flat and name not in TOLERATED:
                    yield f"unknown field {where}/{name}"

    def _flatten(self, schemas: list[Json]) -> Iterator[Json]:
        for schema in schemas:
            if "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2]
                yield from self._flatten([self._components["schemas"][name]])
            else:
                yield schema
            for word in ("anyOf", "oneOf", "allOf"):
                yield from self._flatten(schema.get(word, []))


def _template(path: str) -> re.Pattern[str]:
    """``/channels/{channel_id}`` as a pattern; ids are digits, everything else one segment."""
    parts = re.split(r"(\{\w+\})", path)
    return re.compile("".join(_segment(part) for part in parts))


def _segment(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return r"\d+" if part.endswith("_id}") else r"[^/]+"


def _with_text_ids(body: Any) -> Any:
    """New attachments and the people to be notified carry whole-number ids, which Discord takes and
    its document does not.
    """
    if isinstance(body, dict):
        return {name: _with_text_id(name, value) for name, value in body.items()}
    return [_with_text_ids(item) for item in body] if isinstance(body, list) else body


def _with_text_id(name: str, value: Any) -> Any:
    if name == "attachments" and isinstance(value, list):
        return [{**entry, "id": str(entry.get("id"))} for entry in value]
    if name == "allowed_mentions" and isinstance(value, dict) and "users" in value:
        return {**value, "users": [str(person) for person in value["users"]]}
    return _with_text_ids(value)
