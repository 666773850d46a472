"""What Python compiled is kept, whatever the environment says: the tests start hundreds of programs."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
