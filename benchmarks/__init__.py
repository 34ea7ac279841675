"""What it costs, as ratios in one run: never absolute times."""
