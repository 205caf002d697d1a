"""References to documents: there and back, and names that are fit to be kept."""

import pytest
from hypothesis import given, strategies as st

from zhengxie_flow.model.evidence import EvidenceReference, read_reference, safe_name, same_documents

DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:{}".format)


@given(st.text(min_size=1), DIGESTS, st.none() | st.integers(0, 10**18))
def test_a_reference_to_a_file_comes_back(name, digest, size):
    reference = EvidenceReference(safe_name(name), digest, size)
    assert read_reference(reference.text()) == reference


@given(st.text())
def test_any_text_is_a_reference_that_reads_as_it_was_written(text):
    assert read_reference(text).text() == text
    assert same_documents((text,)) == same_documents(same_documents((text,)))


@given(st.text(st.characters()) | st.text("/\\.a\x00\x1b\u202e\ud800 \n"))
def test_a_name_is_one_line_of_text_without_folders(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= 200
    assert safe == safe_name(safe) == safe.strip()
    assert not set(safe) & set("/\\\0\x1b\u202e\n\r\u2028")
    safe.encode()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("/etc/passwd", "passwd"), ("C:\\tmp\\回执.pdf", "回执.pdf"), ("a\tb\x1b[31m.pdf", "a_b_[31m.pdf"), ("", "file"), ("..", ".."),
        ("folder/", "folder"), ("x\udcff.pdf", "x_.pdf"), ("é.pdf", "é.pdf"), ("长" * 300 + ".docx", "长" * 179 + "…" + "长" * 15 + ".docx"),
    ],
)  # fmt: skip
def test_names_of_files(name, safe):
    assert safe_name(name) == safe


def test_a_file_is_the_same_document_kept_or_not():
    digest = "sha256:" + "0" * 64
    assert same_documents((f"a.pdf {digest}",)) == same_documents((f"a.pdf {digest} size=7",))
    assert same_documents((f"a.pdf {digest}",)) != same_documents((f"b.pdf {digest}",))
