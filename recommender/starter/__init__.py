"""The starter catalogue, written from knowledge of music: artists with tags and well-known tracks,
and themed crates.
"""
