"""From what a test types to the data of a slash command, by the commands the bot has registered."""

from __future__ import annotations

from typing import Any

from tests.discord.messages import Upload
from tests.discord.payloads import Guild, Json, User, resolved_people

_SUBCOMMANDS = {1, 2}
_CHECKS = {3: str, 4: int, 5: bool, 6: User, 10: (int, float), 11: Upload}


def command_data(
    command: Json,
    path: list[str],
    given: dict[str, Any],
    focused: str | None = None,
    guild: Guild | None = None,
) -> Json:
    """``data`` of the interaction; AssertionError where a real client refuses to send it."""
    resolved: Json = resolved_people([v for v in given.values() if isinstance(v, User)], guild)
    options = _filled(command, path, given, focused, resolved)
    return {
        "id": command["id"],
        "name": command["name"],
        "type": 1,
        **({"options": options} if options else {}),
        **({"resolved": resolved} if resolved else {}),
        **({"guild_id": command["guild_id"]} if command.get("guild_id") else {}),
    }


def _filled(
    level: Json, path: list[str], given: dict[str, Any], focused: str | None, resolved: Json
) -> list[Json]:
    known = {option["name"]: option for option in level.get("options") or ()}
    if path:
        inner = known[path[0]]
        return [
            {
                "name": path[0],
                "type": inner["type"],
                "options": _filled(inner, path[1:], given, focused, resolved),
            }
        ]
    runnable = not any(option["type"] in _SUBCOMMANDS for option in known.values())
    assert runnable, f"{level['name']} is a group; name one of {sorted(known)}"
    assert set(given) <= set(known), (
        f"{level['name']} has no option {sorted(set(given) - set(known))}"
    )
    missing = [n for n, o in known.items() if o.get("required") and n not in given]
    assert focused or not missing, f"{level['name']} needs {missing}"
    return [_option(known[name], value, focused, resolved) for name, value in given.items()]


def _option(option: Json, value: Any, focused: str | None, resolved: Json) -> Json:
    name, kind = option["name"], option["type"]
    if name == focused:
        assert option.get("autocomplete"), f"{name} offers no autocomplete"
        return {"name": name, "type": kind, "value": value, "focused": True}
    if focused is None:
        _check(option, value)
    if isinstance(value, Upload):
        resolved.setdefault("attachments", {})[value.id] = value.payload()
        value = value.id
    if isinstance(value, User):
        value = value.id
    return {"name": name, "type": kind, "value": value}


def _check(option: Json, value: Any) -> None:
    name = option["name"]
    assert isinstance(value, _CHECKS[option["type"]]), f"{name} does not take {value!r}"
    if choices := option.get("choices"):
        assert value in [c["value"] for c in choices], f"{name} offers no choice {value!r}"
    low, high = option.get("min_value"), option.get("max_value")
    assert low is None or value >= low, f"{name} starts at {low}"
    assert high is None or value <= high, f"{name} ends at {high}"
    if isinstance(value, str):
        assert len(value) <= option.get("max_length", 6000), f"{name} is too long"
