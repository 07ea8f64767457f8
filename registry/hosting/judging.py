"""The process of its own in which `registry.hosting.checking` has a config judged: loads little, has little."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict

from registry.hosting import rules

SECONDS, MEMORY = 3, 512 * 2**20


def main() -> None:
    """The question on standard input, the findings on standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    schema, config = json.load(sys.stdin)
    json.dump([asdict(found) for found in rules.config_findings(schema, config)], sys.stdout)


if __name__ == "__main__":
    main()
