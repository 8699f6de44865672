"""The kits, one module a family: which recipe answers which General MIDI key, and how loud."""
