"""``python -m registry.host``: the host with settings from the environment."""

import sys

from registry.config import from_environment
from registry.host.start import run

if __name__ == "__main__":
    sys.exit(run(from_environment()))
