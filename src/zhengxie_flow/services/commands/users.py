"""Keeping the directory: persons, their passwords, and the offices and roles that are held."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date
from hashlib import scrypt
from hmac import compare_digest
from typing import Final

from zhengxie_flow.engine.events.assignments import OFFICE, PERSON, Holder, read_holder
from zhengxie_flow.errors import NotFound, UsageError
from zhengxie_flow.model.assignment import HOLDER_LENGTH
from zhengxie_flow.model.directory import (
    ADDED,
    DISABLED,
    PASSWORD,
    Directory,
    HeldKind,
    Holding,
    User,
    UserChange,
    directory_of,
)
from zhengxie_flow.ports import UserStore
from zhengxie_flow.services.authorising import AccessRequest, ask_hook
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.spelling import unknown_name

SHORTEST: Final = 8
"""Fewest characters of a password."""
_COST, _BLOCK, _LANES = 2**14, 8, 1  # 16 MB and some 50 ms: what RFC 7914 gives for interactive use
_PREFIX: Final = "scrypt"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHolding:
    """Holding to be entered: who holds what, from when to when.

    Attributes:
        holder: The person or office.
        kind: ``role`` or ``office``: what is held.
        name: The role or office.
        from_day: The first day; None for without a beginning.
        to_day: The last day; None for without an end.
    """

    holder: Holder
    kind: HeldKind
    name: str
    from_day: date | None = None
    to_day: date | None = None


def directory(context: Context) -> Directory:
    """Read the directory.

    Args:
        context: The ports.

    Returns:
        The persons, and who holds what.
    """
    users = _store(context)
    return directory_of(users.changes(), users.holdings())


def add(context: Context, person: str, *, label: str | None = None, by: str | None = None) -> User:
    """Add a person, or enable one who was disabled.

    Args:
        context: The ports.
        person: The id, which acts name as their actor.
        label: The name to show; None to leave what there is.
        by: Who adds the person.

    Returns:
        The person.

    Raises:
        UsageError: ZX4120, the id cannot be kept; ZX4123, there is such a person.
    """
    new = read_holder(person, PERSON)
    if new.kind != PERSON:
        raise UsageError("ZX4120", given=person, limit=HOLDER_LENGTH)
    name = new.name
    _authorise(context, "user_add", name, by)
    present = directory(context).users.get(name)
    if present is not None and not present.disabled and label is None:
        raise UsageError("ZX4123", person=name)
    return _change(context, UserChange(person=name, change=ADDED, label=label, at=_now(context), by=by))


def set_password(context: Context, person: str, password: str, *, by: str | None = None) -> User:
    """Give a person a password; only its salted hash is kept.

    Args:
        context: The ports.
        person: The id of the person.
        password: The password.
        by: Who sets it.

    Returns:
        The person.

    Raises:
        NotFound: ZX1201, there is no such person.
        UsageError: ZX4125, the password is too short.
    """
    _authorise(context, "user_passwd", person, by)
    _user(context, person)
    if len(password) < SHORTEST:
        raise UsageError("ZX4125", shortest=SHORTEST)
    change = UserChange(person=person, change=PASSWORD, password=hashed(password), at=_now(context), by=by)
    return _change(context, change)


def disable(context: Context, person: str, *, by: str | None = None) -> User:
    """Disable a person: whoever it was acts in no role any more.

    Args:
        context: The ports.
        person: The id of the person.
        by: Who disables the person.

    Returns:
        The person.

    Raises:
        NotFound: ZX1201, there is no such person.
    """
    _authorise(context, "user_disable", person, by)
    _user(context, person)
    return _change(context, UserChange(person=person, change=DISABLED, at=_now(context), by=by))


def hold(context: Context, new: NewHolding, *, by: str | None = None) -> Holding:
    """Enter that a person or an office holds a role or an office; the same holding and first day again restates it.

    Args:
        context: The ports.
        new: The holding.
        by: Who enters it.

    Returns:
        The holding.

    Raises:
        NotFound: ZX1201, there is no such person.
        UsageError: ZX4120, a name cannot be kept; ZX4124, the last day lies before the first, an office would hold an
            office, or somebody a person.
    """
    held = read_holder(new.name)
    name = held.name
    _authorise(context, f"user_role:{name}", new.holder.name, by)
    kind = new.holder.kind
    if kind == PERSON:
        _user(context, new.holder.name)
    ends_first = new.from_day is not None and new.to_day is not None and new.to_day < new.from_day
    if ends_first or held.kind == PERSON or (kind == OFFICE and new.kind == "office"):
        raise UsageError("ZX4124", holder=new.holder.name, name=name)
    holding = Holding(
        kind=new.kind,
        name=name,
        holder_kind=kind,
        holder=new.holder.name,
        from_day=new.from_day,
        to_day=new.to_day,
        at=_now(context),
        by=by,
    )
    store = _store(context)
    repeated(context, lambda: store.hold(holding))
    return holding


def password_matches(context: Context, person: str, password: str) -> bool:
    """Return whether a password is that of a person who is not disabled.

    It takes as long for a person who is not there, so that nobody learns who is.

    Args:
        context: The ports.
        person: The id of the person.
        password: The password.

    Returns:
        True where it matches.
    """
    user = directory(context).users.get(person)
    stored = user.password if user is not None else None
    same = matches(password, stored or _NOBODY)
    return same and user is not None and stored is not None and not user.disabled


def hashed(password: str) -> str:
    """Return the salted hash of a password with the parameters by which it was made.

    Args:
        password: The password.

    Returns:
        The text that is kept.

    Example:
        >>> matches("correct horse", hashed("correct horse")), matches("wrong horse", hashed("correct horse"))
        (True, False)
    """
    salt = os.urandom(16)
    digest = _digest(password, salt, _COST, _BLOCK, _LANES)
    return "$".join((_PREFIX, f"n={_COST},r={_BLOCK},p={_LANES}", _text(salt), _text(digest)))


def matches(password: str, stored: str) -> bool:
    """Return whether a password has a hash.

    Args:
        password: The password.
        stored: The text that is kept.

    Returns:
        True where it does.
    """
    prefix, parameters, salt, digest = stored.split("$")
    if prefix != _PREFIX:
        return False
    cost, block, lanes = (int(part.partition("=")[2]) for part in parameters.split(","))
    return compare_digest(_digest(password, b64decode(salt), cost, block, lanes), b64decode(digest))


def _digest(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=2**26, dklen=32)


def _text(value: bytes) -> str:
    return b64encode(value).decode()


_NOBODY: Final = "$".join((_PREFIX, f"n={_COST},r={_BLOCK},p={_LANES}", _text(bytes(16)), _text(bytes(32))))
"""A hash that no password has, to be compared with where there is no person."""


def _store(context: Context) -> UserStore:
    if context.users is None:
        raise NotFound("ZX4126")
    return context.users


def _user(context: Context, person: str) -> User:
    users = directory(context).users
    if person not in users:
        raise NotFound("ZX1201", **unknown_name("person", person, users))
    return users[person]


def _change(context: Context, change: UserChange) -> User:
    store = _store(context)
    repeated(context, lambda: store.change(change))
    return directory(context).users[change.person]


def _now(context: Context) -> str:
    return context.now().isoformat()


def _authorise(context: Context, action: str, about: str, by: str | None) -> None:
    ask_hook(context, AccessRequest(action if ":" in action else f"{action}:{about}", None, None, by))
