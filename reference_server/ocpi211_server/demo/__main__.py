"""The demonstration: `python -m ocpi211_server.demo`."""

import sys

from ocpi211_server.demo.play import main

if __name__ == "__main__":
    sys.exit(main())
