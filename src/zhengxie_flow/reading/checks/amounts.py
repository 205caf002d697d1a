"""The amounts of time that limits can come to: of their parts and choices, of parameters, and of their extensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from zhengxie_flow.model.limit import AMOUNTS, Extension, Limit, Part
from zhengxie_flow.model.parameter import Parameter
from zhengxie_flow.reading.checks.catalogue import cached
from zhengxie_flow.reading.checks.conditions import LimitUse, limits
from zhengxie_flow.reading.checks.law_texts import Sources, sources_of
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded


@dataclass(frozen=True, slots=True)
class LimitAmount:
    """An amount of a limit, with its place and what it rests on besides the obligation; ``unit`` None: any unit."""

    duty: str
    value: int
    unit: str | None
    place: Place
    sources: Sources = field(default_factory=Sources)


@cached
def amounts(loaded: Loaded) -> Iterator[LimitAmount]:
    """Every amount that a limit of an obligation may come to."""
    for limit_use in limits(loaded):
        limit = limit_use.limit
        for part, place in written_parts(limit, limit_use.place):
            amount = limit.filled(part) if part is not limit else limit
            if amount.amount is not None:
                yield LimitAmount(limit_use.duty, amount.amount, amount.unit, place)
        yield from _of_parameter(loaded, limit_use)
        for index, extension in enumerate(limit.extended_by):
            yield from _of_extension(limit_use.duty, extension, limit_use.place.at("extended_by", index))


def written_parts(limit: Limit, place: Place) -> Iterator[tuple[Part, Place]]:
    """The limit itself, or its choices, each with the place of its amount."""
    if limit.parts_of:
        return
    for index, choice in enumerate(limit.choose):
        own = limit.filled(choice)
        key = _amount_key(own)
        here = place.at("choose", index)
        yield choice, here.at(key) if getattr(choice, key) is not None else place.at(key)
    if not limit.choose:
        yield limit, place.at(_amount_key(limit))


def _amount_key(part: Part) -> str:
    """The key that holds the amount of a part."""
    return next((key for key in AMOUNTS if getattr(part, key) is not None), AMOUNTS[0])


def settings(parameter: Parameter, place: Place) -> Iterator[tuple[Part, Place]]:
    """The values of a parameter that are parts of limits, with their places."""
    for index, row in enumerate(parameter.rows):
        yield row, place.at("rows", index)
    if parameter.default is not None:
        yield parameter.default, place.at("default")


def _of_parameter(loaded: Loaded, limit_use: LimitUse) -> Iterator[LimitAmount]:
    """The amounts that the parameter of a limit can fill in, at the place where the limit names it."""
    name = limit_use.limit.parameter or ""
    parameter = loaded.definition.parameters.get(name)
    if parameter is None or parameter.kind is not None:
        return
    for setting, _ in settings(parameter, Place(*loaded.parameters[name])):
        part = limit_use.limit.filled(setting)
        if part.amount is not None:
            sources = sources_of(parameter) + sources_of(setting)
            yield LimitAmount(limit_use.duty, part.amount, part.unit, limit_use.place.at("parameter"), sources)


def _of_extension(duty: str, extension: Extension, place: Place) -> Iterator[LimitAmount]:
    for key in ("add", "up_to"):
        value = getattr(extension, key)
        if isinstance(value, int):
            yield LimitAmount(duty, value, None, place.at(key))
    if isinstance(extension.to, Part) and extension.to.amount is not None:
        yield LimitAmount(duty, extension.to.amount, extension.to.unit, place.at("to", "within"))
