#!/usr/bin/env python3
"""Plays docs/bug-reports.md: a bug is seen, captured, replayed, minimised, kept and fixed.

    bug_report_test.py SBEMU REPOSITORY
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile

SBEMU, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
FIXTURES = REPOSITORY / "fixtures" / "bug-report"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def run(*arguments, expect=0, **options):
    """Runs sbemu and returns what it printed."""
    done = subprocess.run([SBEMU, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=60, env=ENVIRONMENT, **options)
    print("$ sbemu", *arguments)
    print(done.stdout)
    assert done.returncode == expect, f"exit code {done.returncode}, expected {expect}"
    return done.stdout


def see_and_capture(folder):
    emulator = subprocess.Popen([SBEMU, "up", "--ephemeral", "--port", "0", "--record",
                                 "bug.capture"], cwd=folder, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT)
    endpoint = re.search(r"http://\S+", emulator.stdout.readline())[0]
    while "kill -9 loses both" not in emulator.stdout.readline():
        assert emulator.poll() is None
    deploy = ["deploy", "pages.template.json", "--stack", "pages", "--endpoint", endpoint]
    run(*deploy, "--parameter", "Note=one", "--package", "code/slug.zip=slug.zip", cwd=folder)
    events = run(*deploy, "--parameter", "Note=changed", cwd=folder)
    assert "DELETE_COMPLETE" in events, "the bug is not there"
    emulator.send_signal(signal.SIGINT)
    print(emulator.communicate(timeout=30)[0])
    assert emulator.returncode == 0


def main(folder):
    shutil.copy(FIXTURES / "pages.template.json", folder)
    shutil.copytree(FIXTURES / "buggy", folder / "src")
    (folder / ".git").mkdir()  # the files of scenarios are looked up from here
    with zipfile.ZipFile(folder / "slug.zip", "w") as package:
        package.write(folder / "src" / "index.js", "index.js")
    see_and_capture(folder)

    # Replayed, without the code and with it: the same.
    assert "exports.handler" not in (folder / "bug.capture").read_text()
    replayed = run("replay", "bug.capture", cwd=folder)
    assert replayed.startswith("same")
    run("replay", "bug.capture", "--live", cwd=folder, expect=1)  # whose code?
    live = run("replay", "bug.capture", "--live", "--code", "Slug=src", cwd=folder)
    unseed = re.compile(r"unseed (\w{16})")
    assert unseed.search(live)[1] == unseed.search(replayed)[1]

    # Minimised.
    run("minimize", "bug.capture", "-o", "small.capture", "--check",
        r"""! grep -q '"RequestType":"Delete"' {}""", cwd=folder)
    calls = re.findall(r'"call":"([^"]+)"', (folder / "small.capture").read_text())
    assert calls.count("cloudformation.UpdateStack") == 1
    assert "cloudformation.DescribeStackEvents" not in calls

    # Kept.
    run("scenario", "small.capture", "-o", "slug.scenario", "--handler", "Slug=src",
        "--title", "A changed note does not delete the page.", cwd=folder)
    run("run", "slug.scenario", cwd=folder)

    # Fixed: the replay says what changed, the scenario that no Delete is asked for any more.
    shutil.copy(FIXTURES / "fixed" / "index.js", folder / "src")
    changed = run("replay", "small.capture", "--live", "--code", "Slug=src", cwd=folder, expect=1)
    assert 'PhysicalResourceId: "my-first-page-7" -> "my-first-page"\n' in changed
    assert "wrote a row of stack resources: pages Page\n" in changed
    assert "no invocation is waiting" in run("run", "slug.scenario", cwd=folder, expect=1)
    scenario = folder / "slug.scenario"
    before, step, after = scenario.read_text().rpartition("answer with src\n")
    scenario.write_text(before + after)
    run("run", "slug.scenario", "--update", cwd=folder)
    assert "DELETE" not in scenario.read_text()
    run("run", "slug.scenario", cwd=folder)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(pathlib.Path(temporary))
    print("the bug report is told as in docs/bug-reports.md")
