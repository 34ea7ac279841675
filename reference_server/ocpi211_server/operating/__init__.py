"""What operators see: the message log, the log lines, the metrics, and the port they are asked for on."""
