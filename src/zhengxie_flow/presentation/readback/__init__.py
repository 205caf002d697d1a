"""A process read back: every word of it as numbered sentences in Chinese and English, in the order of the clauses."""

from zhengxie_flow.presentation.readback.compose import read_process
from zhengxie_flow.presentation.readback.sentence import ReadSentence

__all__ = ["ReadSentence", "read_process"]
