"""The server as one process or several: sockets, workers, and where the settings come from."""
