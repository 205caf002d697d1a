"""Hash trees against the recursive definition of RFC 6962 and the vectors of its reference logs; notes there and back."""

import hashlib

import pytest
from hypothesis import given, strategies as st

from zhengxie_flow.proofs.merkle import HashTree, digest_of, root_of
from zhengxie_flow.proofs.notes import LONGEST, Note, read_note

SHA = digest_of("sha256")

LEAVES = "- 00 10 2021 3031 40414243 5051525354555657 606162636465666768696a6b6c6d6e6f".split()
ROOTS = """
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()


def defined(leaves):
    """MTH as the RFC writes it down."""
    if not leaves:
        return SHA(b"")
    if len(leaves) == 1:
        return SHA(b"\x00" + leaves[0])
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return SHA(b"\x01" + defined(leaves[:split]) + defined(leaves[split:]))


def test_the_vectors_of_the_reference_logs():
    tree = HashTree(SHA)
    assert tree.root() == hashlib.sha256(b"").digest()
    for number, (leaf, root) in enumerate(zip(LEAVES, ROOTS, strict=True), start=1):
        tree.append(bytes.fromhex(leaf.strip("-")))
        assert (tree.size, tree.root().hex()) == (number, root)


@given(st.lists(st.binary(max_size=4), max_size=40), st.integers(0, 40))
def test_a_tree_that_grows_has_the_root_that_is_defined(leaves, fork):
    assert root_of(leaves, SHA) == defined(leaves)
    tree = HashTree(SHA)
    for leaf in leaves[:fork]:
        tree.append(leaf)
    apart = tree.copy()
    apart.append(b"other")
    for leaf in leaves[fork:]:
        tree.append(leaf)
    assert tree.root() == defined(leaves)
    assert apart.root() == defined([*leaves[:fork], b"other"])


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
def test_a_tree_by_another_hash():
    assert root_of([b""], digest_of("sm3")) != root_of([b""], SHA)


ORIGIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1)


@given(st.builds(Note, ORIGIN, st.integers(0, 10**18), st.binary(min_size=1, max_size=64)))
def test_a_note_comes_back_signed_or_not(note):
    signed = "\n— example.org/key AAAAAA==\n— example.org/witness BBBB\n"
    for text in (note.text(), note.text().replace("\n", "\r\n"), f"\n {note.text()}  "):
        assert read_note(text) == note
    read = read_note(note.text() + signed)
    assert (read.text(), len(read.signatures)) == (note.text(), 2)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "o\n01\nAAAA", "o\n-1\nAAAA", "o\n1\n", "o\n1\nAAA", "o\n1\n*AAA", "o\n1\nAAAA\n\nno signature", "o\x1b\n1\nAAAA",
        "o\ud800\n1\nAAAA", "o\n1\nAAAA" + "\n" * LONGEST, "o\n" + "9" * 20 + "\nAAAA",
    ],
)  # fmt: skip
def test_what_is_no_note_says_why(text):
    with pytest.raises(ValueError, match=r"\w"):
        read_note(text)
