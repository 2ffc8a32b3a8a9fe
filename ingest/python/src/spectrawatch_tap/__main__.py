"""``python -m spectrawatch_tap``."""

import sys

from .cli import main

sys.exit(main())
