"""How good recommendations are: every model on the same hidden artists, in one run.

``splits`` hides artists, ``peers`` and ``factor_peers`` are what is compared, ``metrics`` counts,
``run`` puts them together.
"""
