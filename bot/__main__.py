"""`python -m bot` is `nightjar`."""

from bot.cli import main

main()
