"""The `eventglass` command: one file per subcommand."""
