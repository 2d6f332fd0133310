"""What the magics show."""

from keras_upgrade import engine
from keras_upgrade.jupyter.cell import migrate
from keras_upgrade.jupyter.display import Found, Shown
from keras_upgrade.jupyter.session import cells, notebook
from keras_upgrade.options import Options

HOSTILE = "from keras import backend as K\nx = K.exp(1)  # <script>alert(1)</script>\nl = Lambda('<b>')"
RAN = cells(["", HOSTILE, "x = ("], {}, {})


def test_code_is_never_taken_for_html() -> None:
    html = Shown(migrate(RAN, 1, Options()))._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    assert "<b>" not in html


def test_colours_are_right_on_light_and_dark() -> None:
    (outcome,) = engine.check([notebook(RAN)])
    for html in (Found(outcome, RAN)._repr_html_(), Shown(migrate(RAN, 1, Options()))._repr_html_()):
        assert "rgba(" in html  # shades of what is behind
        assert html.count("color: #") == html.count("color: #fff; border-radius")  # letters only upon badges


def test_what_cannot_be_read_is_told_with_its_cell() -> None:
    (outcome,) = engine.check([notebook(RAN)])
    assert "In [2] cannot be read: line 1: " in repr(Found(outcome, RAN))
    assert "In [2] cannot be read: line 1: " in Found(outcome, RAN)._repr_html_()


def test_a_rule_that_crashes_is_told() -> None:
    (outcome,) = engine.check([notebook(RAN)])
    outcome.failures.append("KU301 backend-function failed: a defect")
    assert "KU301 backend-function failed: a defect. Please report it." in repr(Found(outcome, RAN))
