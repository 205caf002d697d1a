"""Readings of the measure with their arguments: each is a scenario that the shipped definitions have to judge right."""

from __future__ import annotations

import pytest
from tests.projects import ROOT
from tests.support import DATA

