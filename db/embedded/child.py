"""Becomes another program that ends with its parent: `child.py PARENT UID GID PROGRAM ARGS...`.

Runs alone, imports nothing of the project: it is started by path, before the program is.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def become(parent: int, uid: int, gid: int, command: list[str]) -> None:
    """Give up rights, ask Linux to interrupt us when the parent ends, and exec `command`."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # A setuid after this call would clear it; an exec keeps it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGINT))
        if os.getppid() != parent:
            sys.exit(1)  # the parent ended before it could be asked for
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
