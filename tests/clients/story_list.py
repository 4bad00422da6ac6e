"""Every story by its name; CMakeLists.txt has a test for each."""

import pathlib

from clouds import open_cloud
from stories import main_job

NODE_MODULES = pathlib.Path(__file__).resolve().parent / "node_modules"


class Story:
    """`play(emulator, packages)` raises when the emulator does not do what a client expects."""

    def __init__(self, name, needs, play, node_path=None):
        self.name = name
        self.needs = needs
        self.play = play
        self.node_path = node_path


NEEDS = {
    "boto3": ["boto3"],
    "aws-cli": ["aws"],
    "aws-sdk-v2": ["node"],
    "aws-sdk-v3": ["node"],
}


def main_job_story(kind, way):
    def play(emulator, packages):
        deployment = main_job.Deployment(
            "streambot-corrected.template.json",
            (packages / "streambot.zip").read_bytes(),
            (packages / "example-service.zip").read_bytes(),
        )
        cloud = open_cloud(kind, emulator, by_endpoint=way == "endpoint")
        try:
            main_job.play(cloud, deployment)
        finally:
            cloud.close()

    return Story(f"main-job-{kind}-by-{way}", NEEDS[kind], play)


ALL = [main_job_story(kind, way) for kind in NEEDS for way in ("endpoint", "exec")]
STORIES = {story.name: story for story in ALL}
