"""Write requirements/*.txt: every version and hash, for every Python that pyproject.toml allows."""

import subprocess
import sys

UV = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-cache", "--universal", "--python-version=3.11"]
PLAIN = ["--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "pyproject.toml"]
RUN, TEST = "requirements/run.txt", "requirements/test.txt"

upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
subprocess.run([*UV, *PLAIN, *upgrade, "-o", RUN], check=True)
subprocess.run([*UV, *PLAIN, *upgrade, "-c", RUN, "--group=test", "-o", TEST], check=True)
