from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_examples_of_the_readme_are_what_the_command_prints() -> None:
    cog = [sys.executable, "-m", "cogapp", "--check", "--diff", "-P", "-I", "tools"]
    done = subprocess.run(
        [*cog, "README.md"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
