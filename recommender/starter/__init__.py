"""The starter catalogue: artists with tags and themed crates, written from knowledge of music."""
