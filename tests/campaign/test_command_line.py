"""Every campaign can be begun: what is run seldom must not rot."""

import subprocess
import sys

from tests.campaign.scene import ROOT


def test_the_campaigns_are_listed():
    words = [sys.executable, "-m", "tests.campaign", "--help"]
    shown = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=60, check=True)
    assert "forgeries" in shown.stdout


def test_the_benches_are_listed():
    words = [sys.executable, "-m", "tests.bench", "--help"]
    shown = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=60, check=True)
    assert "wire" in shown.stdout
