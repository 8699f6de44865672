"""Everything that speaks Redis: the private server, the connection, the repositories."""
