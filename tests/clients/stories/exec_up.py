"""`sbemu exec --up -- COMMAND`: an emulator for the command's life, with nothing configured."""

import subprocess

from clouds import BRIDGES
from emulator import plain_environment


def run(emulator, *command):
    return subprocess.run(
        [emulator.sbemu, "exec", "--up", "--", *command],
        env=plain_environment(emulator.scratch),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def play(emulator):
    told = run(emulator, "/usr/bin/aws", "sts", "get-caller-identity", "--query", "Account")
    assert (told.returncode, told.stdout) == (0, '"000000000000"\n'), told
    # The emulator is another one each time, and not the one that is running beside it.
    for _ in range(2):
        told = run(emulator, "/usr/bin/aws", "s3", "mb", "s3://mine")
        assert told.returncode == 0, told
    node = "const AWS = require('aws-sdk'); new AWS.STS().getCallerIdentity({}, (error, data) => "
    node += "{ console.log(error || data.Account); });"
    environment_is_enough = ["env", f"NODE_PATH={BRIDGES.parent / 'node_modules'}", "node", "-e"]
    told = run(emulator, *environment_is_enough, node)
    assert told.stdout == "000000000000\n", told

    assert run(emulator, "sh", "-c", "exit 7").returncode == 7
    assert run(emulator, "sh", "-c", "kill -TERM $$").returncode == 128 + 15
    assert run(emulator, "no-such-command-anywhere").returncode == 127
