"""What a command costs: wall and CPU seconds, and its largest resident memory."""

import dataclasses
import os
import statistics
import subprocess
import tempfile
import time


@dataclasses.dataclass
class Cost:
    wall_s: float
    cpu_s: float
    peak_mib: float
    stdout: str = ""


class Failed(Exception):
    """A command of a benchmark did not end well."""


def run(command, environment=None, folder=None):
    """Runs `command` and waits for it; CPU and memory include the children that it waited for."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(words, stdout=out, stderr=err, cwd=folder,
                                   env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            raise Failed(f"{' '.join(words)}: exit code {process.returncode}\n"
                         + err.read().decode(errors="replace")[-2000:])
        return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024,
                    out.read().decode(errors="replace"))


def median_of(times, command, environment=None, folder=None):
    """The run with the median CPU time."""
    costs = [run(command, environment, folder) for _ in range(times)]
    return sorted(costs, key=lambda cost: cost.cpu_s)[(times - 1) // 2]
