"""Every test of this folder: `python3 tests/runtimes/bootstraps_test.py [-k PATTERN]`."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from cfn_response_test import NodeModule, PythonModule  # noqa: E402,F401
from node_bootstrap_test import NodeBootstrap  # noqa: E402,F401
from python_bootstrap_test import PythonBootstrap  # noqa: E402,F401

if __name__ == "__main__":
    unittest.main()
