"""``python -m tests.faults``: see ``net``."""

import sys

from tests.faults.long_run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
