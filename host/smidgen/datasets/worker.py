"""One job of `jobs.py`: reads a pickled (function, arguments) on stdin, writes the pickled result on stdout."""

from __future__ import annotations

import os
import pickle
import sys

from smidgen.errors import SmidgenError


def main() -> None:
    """Answer on what was stdout; what libraries print there goes to stderr. An error of ours is the answer too."""
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)
        function, arguments = pickle.load(sys.stdin.buffer)
        try:
            result = function(*arguments)
        except SmidgenError as error:
            result = error
        pickle.dump(result, answer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
