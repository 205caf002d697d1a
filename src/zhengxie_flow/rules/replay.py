"""Deprecated module: its names are in `zhengxie_flow.rules.reference_evaluator`."""

from zhengxie_flow.deprecation import deprecated_names

_HOME = "zhengxie_flow.rules.reference_evaluator"

__getattr__ = deprecated_names(
    __name__,
    {
        "FactsView": f"{_HOME}:FactsView",
        "impossible": f"{_HOME}:impossible",
        "replay": f"{_HOME}:replay",
        "truth": f"{_HOME}:truth",
    },
)
