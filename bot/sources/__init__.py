"""Where listening comes from: files people own, read within limits, personal fields left behind."""
