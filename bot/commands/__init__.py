"""What the command line's subcommands do."""
