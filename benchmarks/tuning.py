"""`python -m benchmarks.tuning`: the peers' settings on a split that is reported nowhere.

Prints NDCG@20 of every setting tried, under every protocol; what stands in
recommender/evaluation/peers.py and benchmarks/implicit_peers.py is the best of each by the mean of
the three.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from benchmarks.implicit_peers import als, bpr, implicit_peers
from benchmarks.recommender import TUNING_SEED, listening_folder, read_listening
from recommender.evaluation import metrics
from recommender.evaluation.metrics import Mean
from recommender.evaluation.peers import Peer, Training, ease, ease_with_tags, rp3beta
from recommender.evaluation.splits import unseen_listeners, warm


def settings() -> Iterator[Peer]:
    """Every setting that is tried."""
    for alpha in (0.8, 1.0):
        for beta in (0.1, 0.2, 0.3, 0.4):
            yield Peer(f"RP3beta alpha {alpha} beta {beta}", rp3beta(alpha, beta))
    for ridge in (150.0, 300.0, 600.0):
        yield Peer(f"EASE ridge {ridge:.0f}", ease(ridge))
    for ridge, weight in ((150.0, 30.0), (300.0, 30.0), (600.0, 30.0), (300.0, 60.0)):
        yield Peer(f"EASE ridge {ridge:.0f} + tags {weight:.0f}", ease_with_tags(ridge, weight))
    if not implicit_peers():
        return
    for factors, ridge, alpha in (
        (64, 5.0, 5.0),
        (64, 10.0, 5.0),
        (64, 10.0, 10.0),
        (64, 20.0, 5.0),
        (64, 20.0, 10.0),
        (64, 40.0, 10.0),
        (128, 20.0, 5.0),
    ):
        yield Peer(f"ALS {factors}d ridge {ridge} alpha {alpha}", als(factors, ridge, alpha))
    for factors in (64, 128):
        for rate, ridge in ((0.02, 0.01), (0.02, 0.05), (0.05, 0.01), (0.05, 0.05)):
            name = f"BPR {factors}d rate {rate} ridge {ridge}"
            yield Peer(name, bpr(factors, rate, ridge, 100))


def main() -> int:
    listening = read_listening(listening_folder())
    splits = (warm(listening.plays, TUNING_SEED), unseen_listeners(listening.plays, TUNING_SEED))
    names = [protocol.name for split in splits for protocol in split.protocols]
    table = Table("setting", *names, title=f"NDCG@20, split seed {TUNING_SEED}")
    for peer in settings():
        cells = []
        for split in splits:
            answerer = peer.fit(Training(listening, split.plays, TUNING_SEED, lambda: None))
            for protocol in split.protocols:
                found = metrics.hits(answerer(protocol), [case.hidden for case in protocol.cases])
                cells.append(f"{Mean.of(found.ndcg).value:.4f}")
        table.add_row(peer.name, *cells)
        print(peer.name, *cells, file=sys.stderr, flush=True)
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
