"""Serve the model on the loopback address: see nlu/README.md."""

import os
import sys
import warnings
from pathlib import Path

if __name__ == "__main__":
    # One thread: these products are small, and idle threads that spin cost a
    # shared machine seconds.  Must be set before numpy is imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    warnings.simplefilter("ignore", DeprecationWarning)
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from nlu.serving.server import main

    sys.exit(main())
