"""Train a model when its examples, settings or code changed: see nlu/README.md."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from nlu.training.trainer import main

    sys.exit(main())
