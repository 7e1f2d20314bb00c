"""What the service does. Knows no Flask."""

import os

# Read when numpy is loaded: the products made here are small, and idle threads that spin
# for the next one cost a process two fifths of its processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
