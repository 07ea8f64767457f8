"""Gives a server its listening socket the way systemd does: as descriptor 3, told by LISTEN_FDS and LISTEN_PID.

Run as a program: ``activate.py DESCRIPTOR COMMAND…``. The process stays the same, its program becomes the command.
"""

import os
import sys

FIRST = 3

if __name__ == "__main__":
    descriptor, command = int(sys.argv[1]), sys.argv[2:]
    if descriptor == FIRST:
        os.set_inheritable(FIRST, True)
    else:
        os.dup2(descriptor, FIRST)
        os.close(descriptor)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
    os.execv(command[0], command)  # noqa: S606 - the command comes from `registry.operate.parts`
