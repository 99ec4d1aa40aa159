"""A function makes the table's client while it starts on Lambda, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MADE = """
import importlib, sys
importlib.import_module(sys.argv[1])
from chalicelib.aws.clients import client
print(client.cache_info().currsize)
"""


@pytest.mark.parametrize("module", ["app", "chalicelib.referral.matching.steps"])
@pytest.mark.parametrize(("lambda_name", "clients"), [("iecmhc-prod-match", "1"), ("", "0")])
def test_the_tables_client_is_made_at_the_start_of_a_function(
    module: str, lambda_name: str, clients: str
) -> None:
    environment = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-west-2"}
    if lambda_name:
        environment["AWS_LAMBDA_FUNCTION_NAME"] = lambda_name
    ran = subprocess.run(
        [sys.executable, "-c", MADE, module],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == clients, ran.stderr[-600:]
