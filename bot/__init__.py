"""The application: wiring, adapters and use cases around the two domain packages."""

__version__ = "0.1.0"
