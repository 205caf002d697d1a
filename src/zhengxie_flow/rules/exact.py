"""Deprecated module: its names are in `zhengxie_flow.rules.partial_facts`."""

from zhengxie_flow.deprecation import deprecated_names

_HOME = "zhengxie_flow.rules.partial_facts"

__getattr__ = deprecated_names(
    __name__,
    {
        "Inquiry": f"{_HOME}:Inquiry",
        "Standing": f"{_HOME}:PartialDecision",
        "inquiry": f"{_HOME}:inquiry",
    },
)
