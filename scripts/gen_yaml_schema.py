"""Write docs/reference/*.schema.json, the JSON Schemas of the YAML files, from the models that read them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from zhengxie_flow.reading.yaml_schema import FILES, schema_of

FOLDER = Path(__file__).parents[1] / "docs" / "reference"


def target(kind: str) -> Path:
    """The file of one kind."""
    return FOLDER / f"{kind}.schema.json"


def render(kind: str) -> str:
    """The whole file."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for kind in FILES:
        target(kind).write_text(render(kind), encoding="utf-8")
    sys.stdout.write(f"{', '.join(str(target(kind)) for kind in FILES)}\n")
