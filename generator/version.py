"""The version that stands beside every clip: same spec and same version, same bytes."""

GENERATOR_VERSION = "3.0.0"
