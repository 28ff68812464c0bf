"""Where files lie."""

import os
import sys


def find(path):
    """A relative path is looked for in the working folder, then along sys.path, as modules are: deployments are there.
    Returns `path` itself when it is nowhere."""
    for folder in [""] + [place + "/" for place in sys.path if place and path[0] != "/"]:
        try:
            os.stat(folder + path)
            return folder + path
        except OSError:
            pass
    return path
