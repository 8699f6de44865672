from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from generator.clip import make_clip
from generator.compose import compose
from generator.errors import SpecError
from generator.request import resolve
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import list_styles, load_style
from generator.synth.mixdown import perform
from tests import hearing

SLUGS = [style.slug for style in list_styles()]
LONGEST = ("ambient", "vaporwave")
MANY_VOICES = ("ambient", "chiptune", "disco", "jazz", "synthwave")
"""Styles on very different instruments."""
DIGEST = """
import hashlib, sys
from generator.clip import make_clip
from generator.request import resolve
for style in sys.argv[1:]:
    clip = make_clip(resolve(style, seed=7, bars=4))
    print(style, hashlib.sha256(clip.audio.tobytes()).hexdigest(), clip.loudness_lufs)
"""
PEAK = """
import re, sys
from pathlib import Path
from generator.clip import make_clip
from generator.request import resolve
make_clip(resolve(sys.argv[1], seed=7, bars=int(sys.argv[2]), bpm=int(sys.argv[3])))
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def fresh(code: str, *arguments: str, threads: int = 1) -> str:
    """What ``code`` prints in a process of its own, with so many threads for its libraries."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {
        **os.environ,
        **dict.fromkeys(names, str(threads)),
        "PYTHONHASHSEED": str(threads),
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    "slugs", [MANY_VOICES, pytest.param(tuple(SLUGS), marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_the_same_spec_gives_the_same_bits_in_any_process_with_any_threads(
    slugs: tuple[str, ...],
) -> None:
    assert fresh(DIGEST, *slugs, threads=1) == fresh(DIGEST, *slugs, threads=2)


def test_varying_a_part_leaves_the_sound_of_the_others_alone() -> None:
    style = load_style("synthwave")
    spec = resolve("synthwave", seed=11, bars=4)
    stems, varied = (
        perform(compose(s, style), style.sound, Seed(s.seed)).stems
        for s in (spec, spec.vary("arp"))
    )
    assert not np.array_equal(stems["arp"], varied["arp"])
    for part in ("drums", "bass", "pad", "lead"):
        assert np.array_equal(stems[part], varied[part]), part


def test_two_takes_sound_clearly_different() -> None:
    spec = resolve("synthwave", seed=1, bars=4, key="A minor", bpm=100)
    one, other = (make_clip(s).audio for s in (spec, spec.new_take(Seed(2))))
    assert one.shape == other.shape
    assert hearing.decibels(float(np.mean((one - other) ** 2) / np.mean(one**2))) > -3.0


def test_a_clip_carries_what_was_asked_and_what_was_measured() -> None:
    spec = resolve("lofi", seed=3, bars=4)
    clip = make_clip(spec)
    assert clip.spec == spec
    assert clip.style_name == "Lo-fi"
    assert clip.score.bars == 4
    assert clip.audio.shape == (len(clip.audio), 2)
    assert clip.loudness_lufs == pytest.approx(hearing.loudness(clip.audio), abs=0.1)
    assert clip.true_peak_dbtp <= -1.5


def test_a_spec_of_a_style_that_is_gone_is_refused_in_a_sentence() -> None:
    spec = ClipSpec("polka", 1, 120, "A minor", "dark", 4, ("drums",))
    with pytest.raises(SpecError, match="polka"):
        make_clip(spec)


@pytest.mark.parametrize(
    "style",
    [pytest.param(s, marks=[] if s in LONGEST else pytest.mark.slow) for s in SLUGS],
)
def test_a_clip_of_sixteen_bars_stays_under_four_hundred_megabytes(style: str) -> None:
    assert int(fresh(PEAK, style, "16", str(load_style(style).tempo_low))) < 400


@pytest.mark.slow
@pytest.mark.parametrize("style", SLUGS)
def test_three_minutes_stay_under_six_hundred_megabytes(style: str) -> None:
    assert int(fresh(PEAK, style, "32", "40")) < 600
