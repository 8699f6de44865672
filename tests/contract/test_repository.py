"""The repository keeps its promises: settings are listed, pins are plain, no address leaks in."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from benchmarks import tables
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
# The brackets keep the pattern from matching itself here.
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted|registry[.]npm|deb[.]debian|index[-]url|find[-]links|file:[/]{3}",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|far[m])/")


@pytest.mark.parametrize("path", tables.PAGES, ids=lambda path: path.name)
def test_the_tables_in_the_docs_are_what_the_benchmarks_found(path: Path) -> None:
    page = path.read_text("utf-8")
    assert tables.SLOT.search(page)
    assert tables.written(page) == page, "run python -m benchmarks.tables"


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no list of committed files")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def env_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def test_env_example_lists_every_setting_and_no_other() -> None:
    assert {name.lower() for name in env_example()} == set(Settings.model_fields)


def test_the_defaults_in_env_example_are_the_real_ones() -> None:
    for name, value in env_example().items():
        default = Settings.model_fields[name.lower()].default
        assert value == ("" if default is None else str(default)), name


def test_constraints_are_plain_pins() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[\w.-]+==[\w.]+(; .+)?", line), line


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned = {
        _plain(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    assert {_plain(re.split(r"[;\[ ]", each)[0]) for each in wanted} <= pinned


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_committed_file_names_a_registry_or_a_path_of_a_machine() -> None:
    for path in tracked_files():
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        assert not REGISTRY.search(text), f"{path.name} names a package registry"
        assert not MACHINE_PATH.search(text), f"{path.name} holds a path of a machine"


def test_no_lock_file_or_secret_is_committed() -> None:
    forbidden = {"uv.lock", "package-lock.json", "poetry.lock", ".env"}
    assert not [path for path in tracked_files() if path.name in forbidden]
