"""Plant a mutant into the modules of this process: the code of its function, or a constant."""

from __future__ import annotations

import sys
from functools import cached_property
from types import CodeType, FunctionType, ModuleType
from typing import Any

from code_mutants.mutating import CodeMutant


class NotLoadedError(Exception):
    """A module that cannot be loaded any more: whoever imports it notices."""


def plant(mutant: CodeMutant, module: ModuleType) -> None:
    """Give a loaded module, and whoever holds a name of it, what the mutant says."""
    code = compile(mutant.source, str(mutant.path), "exec", dont_inherit=True)
    if not mutant.function:
        _plant_names(module, code)
        return
    held = _held(module, mutant.function)
    mutated = _code_in(code, held.__code__.co_qualname)
    held.__code__ = mutated
    if held.__defaults__ or held.__kwdefaults__:
        fresh = _held(_executed(module, code), mutant.function)
        held.__defaults__, held.__kwdefaults__ = fresh.__defaults__, fresh.__kwdefaults__


def _held(module: ModuleType, name: str) -> Any:
    """The function or class that a dotted name means, out of whatever wraps it."""
    value: Any = module
    for part in name.split("."):
        value = vars(value)[part]
        value = getattr(value, "__wrapped__", value)
        match value:
            case property():
                value = value.fget
            case cached_property():
                value = value.func
            case classmethod() | staticmethod():
                value = value.__func__
            case _:
                pass
    return value


def _code_in(code: CodeType, name: str) -> CodeType:
    """The code of a function, by its qualified name."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    for constant in inner:
        if constant.co_qualname == name:
            return constant
    return next(_code_in(part, name) for part in inner if name.startswith(f"{part.co_qualname}."))


def _executed(module: ModuleType, code: CodeType) -> ModuleType:
    """A second copy of the module, as the mutant makes it."""
    copy = ModuleType(module.__name__)
    copy.__file__, copy.__package__, copy.__spec__ = module.__file__, module.__package__, module.__spec__
    original = sys.modules[module.__name__]
    sys.modules[module.__name__] = copy  # dataclasses look their module up
    try:
        exec(code, vars(copy))  # noqa: S102
    except Exception as error:
        raise NotLoadedError from error
    finally:
        sys.modules[module.__name__] = original
    return copy


def _plant_names(module: ModuleType, code: CodeType) -> None:
    copy = _executed(module, code)
    for name, held in vars(module).items():
        if isinstance(held, FunctionType) and held.__defaults__ and held.__module__ == module.__name__:
            held.__defaults__ = vars(copy)[name].__defaults__
    for name, value in vars(module).copy().items():
        if name.startswith("__") or isinstance(value, (type, FunctionType, ModuleType)):
            continue
        if name in vars(copy) and vars(copy)[name] != value:
            for other in list(sys.modules.values()):
                if getattr(other, "__dict__", {}).get(name) is value:
                    vars(other)[name] = vars(copy)[name]
