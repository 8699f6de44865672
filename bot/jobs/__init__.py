"""Rendering and training away from the event loop: a queue, the workers, and the wait for them."""
