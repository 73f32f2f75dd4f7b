"""What the platform cannot do without end: it has no loops, so that what is done for each file is written out."""

from __future__ import annotations

MOST = 20
"""Files that one module takes in, tasks that one job is made of, and files whose content it hands on."""

STEP = 2000
"""Milliseconds between two looks at a job."""

LOOKS = 90
"""Looks at a job, the last resort: three minutes, after which the platform's own documentation gives up too."""

LONGEST_WAIT = 175
"""Seconds that a module waits at most; less than the looks take, so that the person reads our sentence."""
