"""Judge the pipeline by cross-validation, or a file of labelled messages: see nlu/README.md."""

import os
import sys
import warnings
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    warnings.simplefilter("ignore", DeprecationWarning)
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from nlu.training.judge import main

    sys.exit(main())
