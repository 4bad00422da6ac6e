#!/usr/bin/env python3
"""Drives a running sbemu with the clients that people use: `run.py --sbemu PATH STORY...`.

Each story gets a fresh `sbemu up --ephemeral`. A client that is missing fails its story, unless
SBEMU_ALLOW_SKIP is set. `run.py --list` prints the stories.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from emulator import Emulator  # noqa: E402
from story_list import STORIES  # noqa: E402

SKIPPED = 77  # what CTest is told to take for a skipped test


def has_boto3():
    return subprocess.run([sys.executable, "-c", "import boto3"], capture_output=True).returncode == 0


NEEDS = {
    "boto3": (has_boto3, f"boto3 for {sys.executable} (Debian's python3-boto3)"),
    "aws": (lambda: os.path.exists("/usr/bin/aws"), "/usr/bin/aws (Debian's awscli)"),
    "node": (
        lambda: shutil.which("node") and (HERE / "node_modules" / "streambot").is_dir(),
        f"node, and its packages: npm ci --ignore-scripts --prefix {HERE}",
    ),
}


def missing(story):
    return [text for need in story.needs for present, text in [NEEDS[need]] if not present()]


def run(story, arguments):
    started = time.monotonic()
    with Emulator(arguments.sbemu, node_path=story.node_path) as emulator:
        try:
            story.play(emulator, arguments.packages)
        except Exception:
            traceback.print_exc()
            print(f"--- sbemu's own output\n{emulator.output()}---", file=sys.stderr)
            ended = emulator.process.poll()
            if ended is not None:
                print(f"sbemu ended by itself: {ended}", file=sys.stderr)
            print(f"{story.name}: FAILED")
            return 1
        if emulator.process.poll() is not None:
            print(f"{story.name}: FAILED: sbemu ended by itself\n{emulator.output()}")
            return 1
    print(f"{story.name}: ok, {time.monotonic() - started:.1f} s")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sbemu", help="the sbemu to start")
    parser.add_argument("--packages", help="the folder of streambot.zip (default: sbemu's)")
    parser.add_argument("--list", action="store_true", help="print the names of the stories")
    parser.add_argument("--expect", help="check that these, parted by ;, are all the stories")
    parser.add_argument("stories", nargs="*", help="which stories (default: all)")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(STORIES))
        return 0
    if arguments.expect is not None:
        other = set(arguments.expect.split(";")) ^ set(STORIES)
        print(f"only here or only in CMakeLists.txt: {sorted(other)}" if other else "the same")
        return 1 if other else 0
    if not arguments.sbemu:
        parser.error("--sbemu is required")
    arguments.packages = pathlib.Path(arguments.packages or pathlib.Path(arguments.sbemu).parent)

    results = []
    for name in arguments.stories or STORIES:
        lacking = missing(STORIES[name])
        if not lacking:
            results.append(run(STORIES[name], arguments))
            continue
        may_skip = bool(os.environ.get("SBEMU_ALLOW_SKIP"))
        print(f"{name}: {'skipped' if may_skip else 'FAILED'}: missing: {'; '.join(lacking)}")
        results.append(SKIPPED if may_skip else 1)
    return max((result for result in results if result != SKIPPED), default=SKIPPED)


if __name__ == "__main__":
    sys.exit(main())
