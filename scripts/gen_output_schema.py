"""Write docs/reference/output.schema.json from the types of all results."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from zhengxie_flow.presentation.json_schema import output_schema

TARGET = Path(__file__).parents[1] / "docs" / "reference" / "output.schema.json"


def render() -> str:
    """The whole file."""
    return json.dumps(output_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.exit(0)
