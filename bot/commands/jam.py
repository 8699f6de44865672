"""`nightjar jam` and `nightjar styles`: the generator without a bot, a queue or a store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.commands.progress import spinner
from bot.commands.session import begin, print_json, stdout
from bot.errors import UserError
from bot.refusals import refusals_shown
from bot.services.liking import liked_artists
from generator.request import resolve
from generator.seed import PARTS
from generator.spec import ClipSpec
from generator.style import Style, list_styles
from recommender.catalogue import load_starter


def jam(
    style: str,
    *,
    out: Path | None,
    as_json: bool,
    parts: str | None = None,
    like: Sequence[str] = (),
    stems: bool = False,
    **wishes: Any,
) -> None:
    """Renders one clip into ``out`` (by default a folder named after style and seed), its stems
    beside it if they are wanted."""
    begin(quiet=True)
    artists = liked_artists(load_starter().catalogue, like) if like else ()
    with refusals_shown():
        spec = resolve(style, parts=_parts(parts), like=artists, **wishes)
    folder = out or Path("clips") / f"{spec.style}-{spec.seed}"
    _writable(folder)
    # Loading the synthesiser takes a moment, which a refusal need not wait for.
    from generator.clip import make_clip
    from generator.export.bundle import export_clip
    from generator.export.stems import export_stems

    with refusals_shown(), spinner(f"Playing {spec.style}, seed {spec.seed} ..."):
        files = export_clip(make_clip(spec))
    document = json.loads(files["clip.json"])
    if stems:
        with spinner("Playing each part alone ..."):
            apart = export_stems(spec)
        files |= {f"stems/{part}.flac": data for part, data in apart.files.items()}
        document["stems"] = apart.describe()
    _write(folder, files, document)
    if as_json:
        print_json(document)
    else:
        _show(spec, document)


def styles(*, as_json: bool) -> None:
    """Lists the styles."""
    begin(quiet=True)
    known = list_styles()
    if as_json:
        print_json([_row(style) for style in known])
        return
    table = Table.grid(padding=(0, 2))
    for style in known:
        said = Text.assemble(
            f"{style.description}\n",
            (f"{', '.join(style.moods)}\n", "italic"),
            (" ".join(style.parts), "dim"),
        )
        tempo = f"{style.tempo_low}-{style.tempo_high} bpm"
        table.add_row(Text(style.slug, "bold"), tempo, said)
    stdout().print(table, soft_wrap=False)


def _row(style: Style) -> dict[str, Any]:
    return {
        "style": style.slug,
        "name": style.name,
        "description": style.description,
        "bpm": [style.tempo_low, style.tempo_high],
        "moods": list(style.moods),
        "parts": list(style.parts),
    }


def _parts(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    named = [part.strip().lower() for part in text.split(",") if part.strip()]
    if unknown := [part for part in named if part not in PARTS]:
        raise UserError(f"There is no part {unknown[0][:40]!r}; parts are {', '.join(PARTS)}.")
    return tuple(part for part in PARTS if part in named)


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".nightjar"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(
            f"Cannot write into {folder}: {error.strerror}; choose another --out."
        ) from error


def _write(folder: Path, files: dict[str, bytes], document: dict[str, Any]) -> None:
    """Writes everything; the document then says where each file is."""
    _clear_stems(folder)
    document["files"] = {name: str(folder / name) for name in files}
    written = {**files, "clip.json": json.dumps(document, indent=2).encode() + b"\n"}
    for name, data in written.items():
        try:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
        except OSError as error:
            raise UserError(
                f"Cannot write {folder / name}: {error.strerror}; free some room or choose another"
                " --out."
            ) from error


def _clear_stems(folder: Path) -> None:
    """Stems of an earlier clip in the same folder would make a mix that does not add up."""
    for part in PARTS:
        with suppress(OSError):
            (folder / "stems" / f"{part}.flac").unlink()


def _show(spec: ClipSpec, document: dict[str, Any]) -> None:
    console = stdout()
    console.print(
        Text.assemble(
            (document["style"], "bold"),
            f" in {document['key']}, {document['bpm']} bpm, {document['bars']} bars,"
            f" {document['mood']}, {document['seconds']:.1f} s,"
            f" {document['loudness_lufs']:.1f} LUFS, seed ",
            (str(spec.seed), "bold"),
        )
    )
    for sentence in document["like"]:
        console.print(f"  {sentence}")
    if spec.like and not document["like"]:
        console.print(f"  The tags of {' and '.join(spec.like)} moved nothing here.")
    for path in document["files"].values():
        console.print(f"  {path}")
