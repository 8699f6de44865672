"""Music from a seed: a spec goes in, a mastered clip with its score comes out."""

from generator.version import GENERATOR_VERSION

__all__ = ["GENERATOR_VERSION"]
