"""`make bench`: runs the benchmarks, prints their tables, writes `benchmarks/results/<name>.json`.

`make bench ARGS=generator` runs one of them.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = ("generator", "learned", "styles", "recommender", "names", "serving")


def main(wanted: list[str]) -> int:
    """Runs the named benchmarks, all when none is named; 2 for a name nobody knows."""
    if unknown := [name for name in wanted if name not in NAMES]:
        sys.stderr.write(f"There is no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}.\n")
        return 2
    # One thread each: the figures are for one core, and do not depend on the machine's size.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    RESULTS.mkdir(exist_ok=True)
    for name in wanted or NAMES:
        results = importlib.import_module(f"benchmarks.{name}").run()
        machine = {"python": platform.python_version(), "machine": platform.machine()}
        document = {"benchmark": name, "on": machine, "results": results}
        (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
