"""The starter catalogue: artists with tags, themed crates and well-known tracks, written from knowledge of music."""
