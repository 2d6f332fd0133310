"""Offsets, positions and edits of a document."""

import ast
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.documents import Document, Edit, OverlappingEditsError, Position, load, loads

from .notebooks import of_cells, sources_of

PATH = Path("a.ipynb")
THREE = ("a = 1\nb = 2", "", "c = 3")


def three() -> Document:
    return load(PATH, of_cells(*THREE))


def test_cells_are_joined_by_one_character() -> None:
    document = three()
    assert document.source == "a = 1\nb = 2\n\nc = 3"
    assert [(cell.start, cell.end) for cell in document.cells] == [(0, 11), (12, 12), (13, 18)]
    assert [document.cell_at(offset).index for offset in (0, 10, 11, 12, 13, 17, 18)] == [0, 0, 0, 1, 2, 2, 2]
    assert document.line_starts == [0, 6, 12, 13]


@pytest.mark.parametrize("offset", [-1, 19])
def test_offsets_outside(offset: int) -> None:
    with pytest.raises(IndexError):
        three().cell_at(offset)
    with pytest.raises(IndexError):
        three().position(offset)


def test_positions() -> None:
    document = three()
    assert document.position(6) == Position(0, 2, 1)
    assert document.position(11) == Position(0, 2, 6)
    assert document.position(12) == Position(1, 1, 1)
    assert str(document.position(17)) == "cell 2:1:5"
    assert str(loads("a\r\nb\rc\n").position(5)) == "3:1"


def test_edits_of_several_cells() -> None:
    changed = three().replace(
        [Edit(13, 14, "d"), Edit(0, 1, "x"), Edit(12, 12, "new = 1"), Edit(11, 11, "\nz")]
    )
    assert sources_of(changed.to_bytes()) == ["x = 1\nb = 2\nz", "new = 1", "d = 3"]
    assert [cell.source for cell in changed.cells] == sources_of(changed.to_bytes())
    assert changed.text == changed.source


def test_a_document_does_not_change() -> None:
    document = three()
    document.replace([Edit(0, 1, "x")])
    assert (document.source, document.to_bytes()) == ("\n".join(THREE), of_cells(*THREE))


@pytest.mark.parametrize(
    "edit", [Edit(10, 12, "x"), Edit(11, 12, ""), Edit(0, 18, "x"), Edit(18, 19, ""), Edit(5, 4, "")]
)
def test_edits_stay_in_their_cell(edit: Edit) -> None:
    with pytest.raises(ValueError, match=r"Edit|offset"):
        three().replace([edit])


def test_overlapping_edits() -> None:
    with pytest.raises(OverlappingEditsError):
        three().replace([Edit(0, 3, "x"), Edit(2, 4, "y")])


def test_edits_that_change_nothing() -> None:
    document = loads("a = 1\r\nb\nc\r\n")
    assert document.replace([Edit(0, 10, "a = 1\r\nb\nc")]) is document
    assert document.replace([]) is document


def test_edited_cells_are_masked_anew() -> None:
    document = load(PATH, of_cells("!ls\nx = 1", "y = 2"))
    changed = document.replace([Edit(4, 4, "!pwd\n")])
    assert changed.text.split() == ["_", "_", "x", "=", "1", "y", "=", "2"]
    broken = changed.replace([Edit(0, 0, "x = = 1\n")])
    assert [problem.position for problem in broken.problems] == [Position(0, 1, 5)]
    mended = broken.replace([Edit(4, 6, "")])
    assert not mended.problems


def test_problems_move_with_their_cells() -> None:
    document = loads("```py\na\n```\n```py\nb = 1\n```\n", "markdown")
    changed = document.replace([Edit(0, 0, "z\n"), Edit(2, 2, "= = ")])
    assert [str(problem.position) for problem in changed.problems] == ["6:1"]


def test_the_tree_is_of_the_text() -> None:
    document = load(PATH, of_cells("!ls", "x = 1"))
    assert document.tree is document.tree
    assert ast.dump(document.tree) == ast.dump(ast.parse(document.text))


def test_pickles_without_the_tree() -> None:
    document = loads("x = 1\n" * 100)
    copy = pickle.loads(pickle.dumps(document))
    assert (copy.source, copy.cells, copy.path) == (document.source, document.cells, document.path)
    assert ast.dump(copy.tree) == ast.dump(document.tree)
    assert copy.replace([Edit(0, 1, "y")]).to_bytes() == document.replace([Edit(0, 1, "y")]).to_bytes()
    assert len(pickle.dumps(document)) < 10_000


CELLS = st.lists(st.text(alphabet="ax= 1\n\r#", max_size=12), min_size=1, max_size=5)


@given(CELLS, st.data())
def test_edits_do_what_they_say(sources: list[str], choose: st.DataObject) -> None:
    document = load(PATH, of_cells(*sources))
    edits, expected = [], []
    for cell in document.cells:
        cuts = sorted(choose.draw(st.sets(st.integers(cell.start, cell.end), max_size=4)))
        source = cell.source
        for start, end in reversed(list(zip(cuts[::2], cuts[1::2], strict=False))):
            edits.append(Edit(start, end, "q"))
            source = source[: start - cell.start] + "q" + source[end - cell.start :]
        expected.append(source)
    changed = document.replace(choose.draw(st.permutations(edits)))
    assert [cell.source for cell in changed.cells] == expected
    assert sources_of(changed.to_bytes()) == expected
