"""Which files are programs, and what of their cells is run."""

import json
from pathlib import Path
from typing import Any

import pytest

from keras_upgrade.documents import Document, load
from keras_upgrade.verify import programs


def notebook(path: Path, *cells: str) -> Document:
    listed: list[dict[str, Any]] = [
        {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
        for cell in cells
    ]
    path.write_text(json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return load(path)


def written(folder: Path, files: dict[str, str]) -> list[Document]:
    documents = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        documents.append(load(path))
    return documents


def test_a_script_is_one_cell(tmp_path: Path) -> None:
    (document,) = written(tmp_path, {"a.py": "x = 1\n"})
    source = programs.source(document, tmp_path)
    assert (source.path, source.base, source.notebook, source.module) == (
        tmp_path / "a.py",
        tmp_path,
        False,
        None,
    )
    (cell,) = source.cells
    assert (cell.index, cell.source, cell.skipped, cell.place) == (None, "x = 1\n", (), "a.py")


def test_cells_of_a_notebook(tmp_path: Path) -> None:
    document = notebook(
        tmp_path / "a.ipynb",
        "%matplotlib inline\n!wget https://example.org/data.csv\nimport keras",
        "files = !ls\n%cd data\n%time f()\n?keras",
        "print 'old'",
    )
    source = programs.source(document, tmp_path)
    assert source.notebook
    first, second, third = source.cells
    assert (first.index, first.place) == (0, "cell 0")
    assert first.skipped == ("!wget https://example.org/data.csv",)
    assert first.source.splitlines()[2] == "import keras"
    compile(first.source, "first", "exec")
    assert second.skipped == ("files = !ls", "%cd data")
    compile(second.source, "second", "exec")
    assert (third.source, third.skipped) == ("print 'old'", ())


def test_code_in_markdown_is_a_program(tmp_path: Path) -> None:
    (document,) = written(tmp_path, {"a.md": "# Title\n\n```python\nx = 1\n```\n\n```python\nx\n```\n"})
    source = programs.source(document, tmp_path)
    assert source.notebook
    assert [cell.source.strip() for cell in source.cells] == ["x = 1", "x"]


def test_a_module_is_imported(tmp_path: Path) -> None:
    (document,) = written(tmp_path, {"a.py": "x = 1\n"})
    source = programs.source(document, tmp_path, "package.a")
    assert source.module == "package.a"
    assert [cell.source for cell in source.cells] == ["import package.a\n"]


def chosen(folder: Path, files: dict[str, str]) -> dict[str, str | None]:
    documents = written(folder, files)
    return {str(document.path.relative_to(folder)): module for document, module in programs.choose(documents)}


def test_what_is_a_program(tmp_path: Path) -> None:
    assert chosen(
        tmp_path,
        {
            "train.py": "import helpers\nfrom models import build\n",
            "helpers.py": "",
            "models.py": "if __name__ == '__main__':\n    print(1)\n",
            "test_models.py": "",
            "setup.py": "",
            "conftest.py": "",
            "page.md": "```python\nx = 1\n```\n",
            "empty.md": "# Nothing to run\n",
        },
    ) == {"train.py": None, "models.py": None, "page.md": None}


def test_modules_of_packages_are_imported(tmp_path: Path) -> None:
    assert chosen(
        tmp_path,
        {
            "src/net/__init__.py": "",
            "src/net/model.py": "",
            "src/net/parts/__init__.py": "",
            "src/net/parts/block.py": "",
            "src/net/__main__.py": "",
            "src/net/test_model.py": "",
        },
    ) == {
        "src/net/__init__.py": "net",
        "src/net/model.py": "net.model",
        "src/net/parts/__init__.py": "net.parts",
        "src/net/parts/block.py": "net.parts.block",
    }


@pytest.mark.parametrize("name", ["test_model.py", "setup.py"])
def test_the_only_file_is_a_program_whatever_its_name(tmp_path: Path, name: str) -> None:
    assert chosen(tmp_path, {name: "x = 1\n"}) == {name: None}


def test_the_folder_that_imports_work_from(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"net/__init__.py": "", "net/parts/__init__.py": "", "net/parts/block.py": "", "train.py": ""},
    )
    assert programs.root(tmp_path / "net" / "parts" / "block.py") == tmp_path
    assert programs.root(tmp_path / "train.py") == tmp_path
