"""No message shows a password, wherever in an address it stands, and whatever else is wrong with the address."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from zhengxie_flow.errors import StorageError
from zhengxie_flow.redaction import HIDDEN, secret_values, without_password
from zhengxie_flow.storage.dialects import target

PASSWORDS = st.text("abcXYZ019!$()*+,-._~%?/:@", min_size=4, max_size=12).map(lambda text: f"S3c{text}r3t")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://u:pw@host/db", "postgresql://u:***@host/db"),
        ("postgresql://u:pw@host:x/db", "postgresql://u:***@host:x/db"),
        ("postgresql://u:p@w@host/db", "postgresql://u:***@host/db"),
        ("postgresql:/u:pw@host/db", "postgresql:/u:***@host/db"),
        ("postgresql://host/db?user=u&password=pw", "postgresql://host/db?user=u&password=***"),
        ("postgresql://host/db?passfile=/p&sslpassword=pw", "postgresql://host/db?passfile=***&sslpassword=***"),
        ("postgresql://host/db?p%61ssword=pw", "postgresql://host/db?p%61ssword=***"),
        ("postgresql://u@host/db?application_name=a@b", "postgresql://u@host/db?application_name=a@b"),
        ("host=db password=pw", "host=db password=***"),
        ("postgresql://u:@host/db", "postgresql://u:@host/db"),
        ("/srv/a@b.db", "/srv/a@b.db"),
        ("C:/srv/cases.db", "C:/srv/cases.db"),
    ],
)
def test_an_address_is_shown_without_its_passwords(address: str, shown: str) -> None:
    assert without_password(address) == shown


@given(PASSWORDS, st.sampled_from(["postgresql", "postgresql+psycopg", "postgresql+nothing", "mysql", "sqlite"]))
def test_no_error_about_an_address_repeats_the_password(password: str, scheme: str) -> None:
    for address in (
        f"{scheme}://u:{password}@h:port/db",
        f"{scheme}://u:{password}@h:1/db",
        f"{scheme}://h/db?password={password}",
        f"postgresql:/u:{password}@h/db",
    ):
        head = password.partition("@")[0] if "?" not in address else password.partition("&")[0]
        try:
            said = target(address).name
        except StorageError as error:
            said = str(error.params)
        assert head not in said


def test_what_a_driver_says_is_shown_without_the_passwords() -> None:
    where = target("postgresql://u:geheim@h/db?sslpassword=noch%20eins&password=p4ss")
    assert set(secret_values(where.url.render_as_string(hide_password=False))) >= {"geheim", "noch eins", "p4ss"}
    assert where.hidden("fe_sendauth: geheim, noch eins, p4ss") == f"fe_sendauth: {HIDDEN}, {HIDDEN}, {HIDDEN}"


@pytest.mark.parametrize("place", ["a\0b", "\ud800.db"])
def test_what_is_no_path_is_refused(place: str) -> None:
    with pytest.raises(StorageError) as raised:
        target(place)
    assert raised.value.code == "ZX5011"
