"""Sources of law: instruments, their clauses, and references to them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Day, Labelled, Model, Number, Period, Text, one_or_many


class ClauseRef(Model):
    """One clause of one instrument; ``instrument`` None means the definition's own."""

    instrument: Number | None = None
    clause: Number

    def __str__(self) -> str:
        return self.clause if self.instrument is None else f"{self.instrument} {self.clause}"

    def under(self, clause: str) -> bool:
        """Return whether this is a clause of the own instrument, or lies below it.

        Example:
            >>> ClauseRef(clause="7.2").under("7"), ClauseRef(clause="72").under("7")
            (True, False)
        """
        return self.instrument is None and (self.clause == clause or self.clause.startswith(clause + "."))


def _citations(value: Any) -> Any:
    """Spell out ``"7.2"``, ``{civil-code: "203"}`` and lists of them; a bare number is refused with its quotes."""
    refs: list[Any] = []
    for entry in one_or_many(value) or ():
        match entry:
            case bool() | int() | float() | Decimal():
                raise PydanticCustomError("ZX1113", "unquoted clause {given}", {"given": str(entry)})
            case str():
                refs.append({"clause": entry})
            case dict() if entry and "clause" not in entry:
                for instrument, clauses in entry.items():
                    for clause in one_or_many(clauses) or (None,):
                        if not isinstance(clause, str):
                            raise PydanticCustomError("ZX1113", "unquoted clause {given}", {"given": str(clause)})
                        refs.append({"instrument": instrument, "clause": clause})
            case _:
                refs.append(entry)
    return tuple(refs)


Citations = Annotated[tuple[ClauseRef, ...], BeforeValidator(_citations)]
"""The ``law:`` of a thing: one clause, or several."""


class Clause(Labelled):
    """One clause, paraphrased; ``status`` says how far a machine can judge it, ``why`` the reason where it cannot."""

    force: Literal["must", "must_not", "should", "may", "by_reference"] | None = None
    status: Literal["computable", "partly", "not_computable"] = "computable"
    why: Labelled | None = None


class Incorporated(Labelled):
    """An instrument that ours refers to; ``unread`` means its numbers are unknown here and must not be guessed.

    ``division`` is its word for the parts of an article (项, 款), which the second number of a clause means.
    """

    number: Text | None = None
    division: Labelled | None = None
    source_status: Literal["read", "excerpt", "unread"]
    cited_in: Annotated[tuple[Number, ...], BeforeValidator(one_or_many)] = ()
    clauses: dict[Number, Clause] = Field(default_factory=dict)


INSTRUMENTS = "incorporates"
"""The key under which other instruments stand."""


class Incorporating(Labelled):
    """Text of law that refers to other instruments."""

    incorporates: dict[Number, Incorporated] = Field(default_factory=dict)


class Instrument(Incorporating):
    """A law, measure or rule in clauses, with the instruments it incorporates.

    ``division`` is its word for the parts of an article (项, 款), which the second number of a clause means.
    """

    language: Literal[1]
    law: Number
    number: Text | None = None
    division: Labelled | None = None
    issuer: Labelled | None = None
    issued: Day | None = None
    in_force: Period = Period()
    zone: Text = "Asia/Shanghai"
    clauses: dict[Number, Clause]

    def has(self, ref: ClauseRef) -> bool:
        """Return whether a reference points at a clause of this instrument or at an incorporated instrument."""
        if ref.instrument is None or ref.instrument == self.law:
            return ref.clause in self.clauses
        return ref.instrument in self.incorporates

    def unread(self) -> frozenset[str]:
        """Return the incorporated instruments that are known by their titles alone."""
        return frozenset(name for name, other in self.incorporates.items() if other.source_status == "unread")

    def source(self, instrument: str | None) -> Instrument | Incorporated | None:
        """This instrument, or the incorporated one of an id; None where there is none."""
        return self if instrument in (None, self.law) else self.incorporates.get(str(instrument))


UNSIGNED = "unsigned"
"""The signer of an entry that nobody has signed."""


class Alternative(Labelled):
    """Another reading; ``sets`` says by path what would be different (``obligations.a7.4.report.limit.after``).

    ``why_not`` says why it cannot be judged by, where that is so.
    """

    sets: dict[Text, Any] = Field(default_factory=dict)
    why_not: Labelled | None = None


class Interpretation(Labelled):
    """One entry of the register: how an unclear clause is read here, by whom, and what else it could mean.

    Where the text is silent, ``would_set`` names by path the parameters, roles, facts and fields that a signed
    interpretation would set (``parameters.a14.approver``).
    """

    law: Citations
    date: Day
    question: Labelled
    answer: Labelled
    alternatives: dict[Number, Alternative] = Field(default_factory=dict)
    sets: dict[Text, Any] = Field(default_factory=dict)
    would_set: Annotated[tuple[Text, ...], BeforeValidator(one_or_many)] = ()
    signer: Text
    status: Literal["adopted", "default", "not_in_text"] = "adopted"

    @property
    def signed(self) -> bool:
        """True where a person or office has signed it."""
        return self.signer != UNSIGNED

    @property
    def runnable(self) -> dict[str, Alternative]:
        """The alternatives that a case can be judged by."""
        return {name: alternative for name, alternative in self.alternatives.items() if alternative.sets}

    def working_assumption(self, instrument: Instrument | None) -> bool:
        """Return whether it reads the law of others alone, which nobody here can interpret with authority.

        Args:
            instrument: The instrument of the definition.
        """
        return instrument is not None and all(ref.instrument not in (None, instrument.law) for ref in self.law)


class Register(Model):
    """The interpretation register of an instrument (for Jilin kept by the general office, Art. 18)."""

    language: Literal[1]
    register_: Number = Field(alias="register")
    interpretations: dict[Number, Interpretation]
