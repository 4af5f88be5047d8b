"""A definition on the bench, with its pages."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from dev_files import REVIEW, TESTS
from support.office import client_of

from tenure.dev.app import create_app
from tenure.dev.shop import Shop
from tenure.dev.workshop import Workshop

LOCAL = "http://localhost:8750"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "review.yaml"
    path.write_text(REVIEW + TESTS, "utf-8")
    return path


@pytest.fixture
def workshop(file: Path) -> Workshop:
    return Workshop(file)


@pytest.fixture
def client(workshop: Workshop):
    app = create_app(Shop(workshop=workshop, base_url=LOCAL), stopping=lambda: True)
    return client_of(app, base_url=LOCAL, peer="127.0.0.1")
