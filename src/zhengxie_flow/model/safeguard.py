"""Deprecated module: its names are in `zhengxie_flow.model.internal_control`."""

from zhengxie_flow.deprecation import deprecated_names

_HOME = "zhengxie_flow.model.internal_control"

__getattr__ = deprecated_names(
    __name__,
    {
        "Delegation": f"{_HOME}:Delegation",
        "Follows": f"{_HOME}:Follows",
        "FollowsSpec": f"{_HOME}:FollowsSpec",
        "Span": f"{_HOME}:Span",
    },
)
