"""Texts about where the law is encoded and tried."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

TEXTS = {
    "cli.coverage": Text(
        zh="逐条列出法条编在何处、有多少场景检验", en="List clause by clause where the law is encoded and what tries it"
    ),
    "cli.coverage.verbose": Text(zh="列出每一处，带文件和行号", en="List every place with its file and line"),
    "cli.coverage.status.computable": Text(zh="可判定", en="computable"),
    "cli.coverage.status.partly": Text(zh="部分可判定", en="partly"),
    "cli.coverage.status.not_computable": Text(zh="不可判定", en="not computable"),
    "cli.head.status": Text(zh="可否判定", en="Status"),
    "cli.head.scenarios": Text(zh="场景", en="Scenarios"),
    "cli.head.encoded": Text(zh="义务和要件", en="Owed"),
    "cli.head.why": Text(zh="为何不判", en="Why not"),
}
