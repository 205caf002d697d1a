"""Values as YAML that reads back the same, here and in tools that speak YAML 1.1."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from zhengxie_flow.reading.fullwidth import in_key, in_value
from zhengxie_flow.reading.scalars import needs_quotes

__all__ = ["dump_yaml"]

_WIDTH = 110


class _Representer(RoundTripRepresenter):
    """Decimals in plain notation, nothing as ``null``, never an anchor (the reader refuses them)."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _decimal(representer: Any, value: Decimal) -> Any:
    text = format(value, "f")
    return representer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _none(representer: Any, _value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(Decimal, _decimal)
_Representer.add_representer(type(None), _none)


def dump_yaml(value: Any) -> str:
    """Write a plain value as YAML that reads back the same.

    Args:
        value: of dict, list, str, int, Decimal, bool and None; keys keep their order, and a text that would be read as
            another value is quoted.

    Returns:
        The YAML text.

    Raises:
        TypeError: for other types; dates are written as ISO text by the caller.

    Example:
        >>> print(dump_yaml({"clause": "7.2", "days": 15, "urgent": None}), end="")
        clause: "7.2"
        days: 15
        urgent: null
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.Representer = _Representer
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(_prepared(value), stream)
    return stream.getvalue()


def _prepared(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(key): _prepared(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(entry) for entry in value]
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int) or (isinstance(value, Decimal) and value.is_finite()):
        return value
    raise TypeError(f"no YAML for {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {type(key).__name__}")
    quoted: str = DoubleQuotedScalarString(key)
    return quoted if needs_quotes(key) or key == "<<" or in_key(key) else key


def _text(value: str) -> str:
    lines = value.split("\n")
    if len(lines) > 1 and value.strip() and all(line == line.strip() for line in lines):
        block: str = LiteralScalarString(value)  # paragraphs stay paragraphs
        return block
    quoted: str = DoubleQuotedScalarString(value)
    return quoted if len(lines) > 1 or needs_quotes(value) or in_value(value, mapping_due=True) else value
