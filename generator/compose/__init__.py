"""Composing: a spec and a style go in, a score comes out."""

from generator.compose.arrange import compose

__all__ = ["compose"]
