"""Every story by its name; CMakeLists.txt makes a test of each."""

import pathlib
import sys

from clouds import open_cloud, program
from stories import command_line, inline_code, main_job

HERE = pathlib.Path(__file__).resolve().parent
WAYS = ("endpoint", "exec")
NEEDS = {
    "boto3": ["boto3"],
    "aws-cli": ["aws"],
    "aws-sdk-v2": ["node"],
    "aws-sdk-v3": ["node"],
}
SCRIPTS = {
    "boto3-s3": (["boto3"], [sys.executable, str(HERE / "scripts" / "boto3_s3.py")]),
    "boto3-services": (["boto3"], [sys.executable, str(HERE / "scripts" / "boto3_services.py")]),
    "aws-sdk-v2": (["node"], ["node", str(HERE / "scripts" / "aws_sdk_v2.js")]),
    "aws-sdk-v3": (["node"], ["node", str(HERE / "scripts" / "aws_sdk_v3.js")]),
}


class Story:
    """`play(emulator, packages)` raises when the emulator does not do what a client expects."""

    def __init__(self, name, needs, play, node_path=None):
        self.name = name
        self.needs = needs
        self.play = play
        self.node_path = node_path


def with_cloud(kind, emulator, way, play):
    cloud = open_cloud(kind, emulator, by_endpoint=way == "endpoint")
    try:
        play(cloud)
    finally:
        cloud.close()


def main_job_story(kind, way):
    """Both stacks with the C++ handlers."""

    def play(emulator, packages):
        deployment = main_job.Deployment(
            "streambot-corrected.template.json",
            (packages / "streambot.zip").read_bytes(),
            (packages / "example-service.zip").read_bytes(),
        )
        with_cloud(kind, emulator, way, lambda cloud: main_job.play(cloud, deployment))

    return Story(f"main-job-{kind}-by-{way}", NEEDS[kind], play)


def npm_story(kind, way):
    """Both stacks with the unmodified Streambot from npm and the seed's own template."""

    def play(emulator, packages):
        # Here, not above: what npm installed may be missing.
        from packages import npm_example, npm_streambot

        deployment = main_job.Deployment(
            "streambot.template.json",
            npm_streambot(),
            npm_example(),
            runtime="nodejs",
            handler="index.streambot",
        )
        with_cloud(kind, emulator, way, lambda cloud: main_job.play(cloud, deployment))

    needs = sorted({*NEEDS[kind], "node"})
    return Story(f"npm-streambot-{kind}-by-{way}", needs, play, node_path=HERE)


def script_story(name, way):
    """What else the client's users do: a program of theirs that ends well."""
    needs, command = SCRIPTS[name]

    def play(emulator, packages):
        told = program(emulator, way == "endpoint", command)
        assert told.endswith("done\n"), told

    return Story(f"{name}-by-{way}", needs, play)


def command_line_story(way):
    def play(emulator, packages):
        command_line.play(emulator, by_endpoint=way == "endpoint")

    return Story(f"aws-cli-by-{way}", ["aws", "node"], play)


def inline_code_story():
    def play(emulator, packages):
        with_cloud("boto3", emulator, "endpoint", inline_code.play)

    return Story("inline-code", ["boto3", "node"], play)


ALL = [
    *[main_job_story(kind, way) for kind in NEEDS for way in WAYS],
    npm_story("boto3", "endpoint"),
    npm_story("aws-sdk-v2", "exec"),
    *[script_story(name, way) for name in SCRIPTS for way in WAYS],
    *[command_line_story(way) for way in WAYS],
    inline_code_story(),
]
STORIES = {story.name: story for story in ALL}
