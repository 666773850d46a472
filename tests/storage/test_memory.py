"""Nothing of a program's memory stays on the disk when it breaks down."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import settings_for

BEFORE_AND_AFTER = """
import resource, sys
from pathlib import Path
from tests.conftest import settings_for
from casework.app import create_app
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
create_app(settings_for(Path(sys.argv[1])))
print(resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_a_program_that_holds_keys_leaves_no_core_dump(instance: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEFORE_AND_AFTER, str(settings_for(instance).instance)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "(0, 0)"
