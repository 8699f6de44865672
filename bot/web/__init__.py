"""The web: liveness, clip pages and, without a Discord token, the local studio."""
