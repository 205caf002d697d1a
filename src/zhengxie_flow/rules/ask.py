"""Deprecated module: its names are in `zhengxie_flow.rules.next_question`."""

from zhengxie_flow.deprecation import deprecated_names

_HOME = "zhengxie_flow.rules.next_question"

__getattr__ = deprecated_names(
    __name__,
    {
        "Answer": f"{_HOME}:Answer",
        "Asked": f"{_HOME}:NextQuestion",
        "Question": f"{_HOME}:Question",
        "ask": f"{_HOME}:ask",
    },
)
