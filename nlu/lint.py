"""Check the training examples for copies, contradictions and gaps: see nlu/README.md."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from nlu.training.checker import main

    sys.exit(main())
