"""``python -m registry.host.successor``: says that the host's program on disk loads, and what it understands."""

from registry.host import handover, start

__all__ = ["start"]

if __name__ == "__main__":
    print(handover.FORMAT)
