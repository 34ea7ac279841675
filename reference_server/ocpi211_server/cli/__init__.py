"""The command line of the server, a module a subject."""
