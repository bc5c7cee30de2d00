"""Run the command: `python -m rr_snippet`."""

import sys

from rr_snippet.cli import main

if __name__ == "__main__":
    sys.exit(main())
