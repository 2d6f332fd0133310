"""Two recordings are compared: what is equal, what differs and how it is told, what was not looked at."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.verify.compare import DIFFERENCES, Event, Kind, Verdict, compare, probes
from keras_upgrade.verify.tolerances import ONE_STEP, Tolerance

KEYS = ["6x8#0", "8#0", "8x1#0", "1#0"]


def call(number: int = 1, method: str = "train_on_batch", model: int = 0, **fields: Any) -> Event:
    """An event as the recorder sends it."""
    event: Event = {
        "event": "call",
        "number": number,
        "model": model,
        "model_name": "critic",
        "method": method,
        "count": number,
        "in": [[16, 6]],
        "fed": [0.1, 1.0],
        "parameters": 65,
        "tensors": 4,
        "trainable": 4,
        "moving": 0,
        "changed": [],
        "moving_changed": [],
        "moved": {},
        "finite": True,
        "noise": False,
        "unmatched": False,
        "stuck": False,
    }
    if method in ("train_on_batch", "fit"):
        event["changed"] = list(KEYS)
        event["moved"] = dict.fromkeys(KEYS, 0.01)
    if method == "fit":
        event["history"] = {"loss": [0.5], "accuracy": [0.75]}
        event["keys"] = ["accuracy", "loss"]
    elif method == "predict":
        event["out"] = [[16, 1]]
        event["summary"] = [[0.5, 0.1, 0.2, 0.9, *[0.5] * 8]]
    else:
        event["values"] = [0.7, 0.5]
        event["names"] = ["loss", "accuracy"]
    return {**event, **fields}


def step(count: int = 1, **fields: Any) -> Event:
    """A training step of the program's own."""
    event = {
        "event": "call",
        "number": count,
        "model": "optimizer 0",
        "method": "apply_gradients",
        "count": count,
    }
    return {**event, "variables": [[1], [6, 1]], "with_gradient": 2, "traced": False, "norm": 2.0, **fields}


def only(verdict: Verdict) -> str:
    """The one difference."""
    assert verdict.kind is Kind.DIFFERS
    (difference,) = verdict.differences
    assert verdict.at == difference.call
    assert verdict.sentence == f"differs at {difference.sentence}"
    return difference.sentence


METHODS = ["train_on_batch", "fit", "predict", "evaluate"]


@pytest.mark.parametrize("method", METHODS)
def test_equal_recordings_are_the_same(method: str) -> None:
    verdict = compare([call(method=method)], [call(method=method)])
    assert verdict == Verdict(Kind.SAME, compared=1)
    assert verdict.sentence == "same: 1 call"


def test_nothing_recorded_is_not_the_same() -> None:
    verdict = compare([], [])
    assert verdict.kind is Kind.NOT_COMPARED
    assert verdict.sentence == "could not compare; no call of a model was recorded on either side"


def test_a_call_that_changed_nothing_any_more() -> None:
    before = [call(1), call(2)]
    after = [call(1), call(2, changed=[], moved={}, trainable=0)]
    assert only(compare(before, after)) == (
        "call 2, train_on_batch of model 1 (critic): 0 of 4 weight tensors changed; on Keras 2 all 4 did; "
        "none of them is trainable there"
    )


def test_a_call_that_changes_more() -> None:
    before = [call(changed=KEYS[:2], moved=dict.fromkeys(KEYS[:2], 0.01))]
    verdict = compare(before, [call(tensor_names={"8x1#0": "dense_1/kernel", "1#0": "dense_1/bias"})])
    assert only(verdict).endswith(
        ": 4 of 4 weight tensors changed; on Keras 2 2 did (dense_1/bias, dense_1/kernel)"
    )


def test_as_many_but_others_changed() -> None:
    before = [call(changed=KEYS[:2], moved=dict.fromkeys(KEYS[:2], 0.01))]
    after = [call(changed=KEYS[2:], moved=dict.fromkeys(KEYS[2:], 0.01))]
    assert "2 of 4 weight tensors changed; on Keras 2 2 did (others: " in only(compare(before, after))


def test_a_bias_whose_gradient_is_rounding_is_noted() -> None:
    less = [key for key in KEYS if key != "8#0"]
    before = [call(moved={**dict.fromkeys(KEYS, 0.01), "8#0": 1e-4})]
    verdict = compare(before, [call(changed=less, moved=dict.fromkeys(less, 0.01))])
    assert verdict.kind is Kind.SAME
    assert verdict.notes == ["Biases whose gradient is zero but for rounding moved on one side only."]


@pytest.mark.parametrize(("key", "distance"), [("8#0", 0.01), ("8x1#0", 1e-4)])
def test_a_bias_that_moves_and_a_matrix_are_no_rounding(key: str, distance: float) -> None:
    less = [name for name in KEYS if name != key]
    before = [call(moved={**dict.fromkeys(KEYS, 0.01), key: distance})]
    verdict = compare(before, [call(changed=less, moved=dict.fromkeys(less, 0.01))])
    assert verdict.differences[0].what == "changed"


def test_statistics_have_a_sentence_of_their_own() -> None:
    before = [call(tensors=6, moving=2, moving_changed=["8#1", "8#2"])]
    after = [call(tensors=6, moving=2)]
    sentence = only(compare(before, after))
    assert "0 of 2 moving statistics of layers changed, on Keras 2 all 2 did" in sentence


@pytest.mark.parametrize(
    ("after", "told"), [(1.4, " (2 times as large)"), (0.35, " (2 times as small)"), (0.8, "")]
)
def test_another_loss(after: float, told: str) -> None:
    verdict = compare([call()], [call(values=[after, 0.5])])
    assert only(verdict) == (
        f"call 1, train_on_batch of model 1 (critic): loss is {after:.4g}, on Keras 2 it was 0.7{told}"
    )


def test_rounding_is_no_difference() -> None:
    assert compare([call()], [call(values=[0.70005, 0.5])]).kind is Kind.SAME


@pytest.mark.parametrize("special", ["nan", "inf", "-inf"])
def test_values_that_are_not_finite(special: str) -> None:
    before = [call(values=[special, 0.5], finite=False)]
    assert compare(before, copy.deepcopy(before)).kind is Kind.SAME
    assert f"loss is 0.7, on Keras 2 it was {special}" in only(compare(before, [call()]))
    assert f"loss is {special}, on Keras 2 it was 0.7" in only(compare([call()], before))


def test_a_value_that_is_no_number() -> None:
    assert "loss is no number" in only(compare([call()], [call(values=[None, 0.5])]))


def test_one_value_for_a_list_of_them() -> None:
    verdict = compare([call()], [call(values=[0.7], names=None)])
    assert verdict.kind is Kind.SAME
    assert verdict.notes == [
        "train_on_batch of model 1 (critic): 1 values returned, on Keras 2 2; the first of each are compared"
    ]
    assert "loss is 0.9" in only(compare([call()], [call(values=[0.9], names=None)]))
    assert "0 values returned, on Keras 2 2" in only(compare([call()], [call(values=[])]))


def test_keys_of_a_history_are_compared_by_their_new_names() -> None:
    before = call(method="fit", history={"loss": [0.5], "acc": [0.75], "val_acc": [0.5], "lr": [0.1]})
    after = call(
        method="fit",
        history={"accuracy": [0.75], "loss": [0.5], "learning_rate": [0.1], "val_accuracy": [0.5]},
    )
    verdict = compare([before], [after])
    assert verdict.kind is Kind.SAME
    assert "The key 'acc' of a history is 'accuracy' since Keras 3." in verdict.notes
    assert "The key 'lr' of a history is 'learning_rate' since Keras 3." in verdict.notes
    after["history"]["val_accuracy"] = [0.9]
    assert "val_accuracy is 0.9, on Keras 2 it was 0.5" in only(compare([before], [after]))


def test_keys_named_after_layers_that_keras_counted() -> None:
    before = call(method="fit", history={"loss": [2.0], "dense_3_loss": [0.5], "dense_4_loss": [1.5]})
    after = call(method="fit", history={"loss": [2.0], "dense_1_loss": [0.5], "dense_2_loss": [1.5]})
    assert compare([before], [after]).kind is Kind.SAME
    after["history"]["dense_2_loss"] = [1.4]
    verdict = compare([before], [after])
    assert verdict.kind is Kind.SAME
    assert "Keras 3 averages the losses of single outputs over batches" in verdict.notes[0]
    after["history"]["dense_2_loss"] = [1.0]
    assert "dense_4_loss is 1, on Keras 2 it was 1.5" in only(compare([before], [after]))


def test_a_key_that_is_gone() -> None:
    before = call(method="fit", history={"loss": [2.0], "left_loss": [0.5]})
    after = call(method="fit", history={"loss": [2.0]})
    assert "the history has the keys ['loss'], on Keras 2 ['left_loss', 'loss']" in only(
        compare([before], [after])
    )


def test_epochs_are_counted() -> None:
    after = call(method="fit", history={"loss": [0.5, 0.4], "accuracy": [0.75]})
    assert "loss has 2 values, on Keras 2 1" in only(compare([call(method="fit")], [after]))


def test_several_steps_drift_but_one_does_not() -> None:
    assert compare(
        [call(method="fit")], [call(method="fit", history={"loss": [0.505], "accuracy": [0.75]})]
    ).kind is (Kind.SAME)
    assert compare([call()], [call(values=[0.707, 0.5])]).kind is Kind.DIFFERS


def test_losses_of_outputs_over_several_batches() -> None:
    names = ["loss", "left_loss"]
    before, after = (call(method="evaluate", values=[0.7, value], names=names) for value in (0.4, 0.41))
    assert compare([before], [after]).kind is Kind.SAME
    assert "left_loss is 0.6" in only(compare([before], [{**after, "values": [0.7, 0.6]}]))
    before, after = (call(values=[0.7, value], names=names) for value in (0.4, 0.41))
    assert "left_loss is 0.41" in only(compare([before], [after]))


def test_predictions() -> None:
    before = call(method="predict")
    other = copy.deepcopy(before)
    other["summary"][0][5] = 0.6
    assert only(compare([before], [other])).endswith(
        "a sample of the predictions is 0.6, on Keras 2 it was 0.5"
    )
    large = call(method="predict", summary=[[500.0, 100.0, 0.001, 900.0, *[500.0] * 8]])
    other = copy.deepcopy(large)
    other["summary"][0][2] = 0.02  # small beside the others
    assert compare([large], [other]).kind is Kind.SAME


def test_shapes() -> None:
    before, after = call(method="predict"), call(method="predict", out=[[16, 2]])
    assert "the shapes of the outputs are (16, 2), on Keras 2 (16, 1)" in only(compare([before], [after]))
    assert "the shapes of the inputs are (8, 6), on Keras 2 (16, 6)" in only(
        compare([call()], [{**call(), "in": [[8, 6]]}])
    )
    assert compare([call()], [{**call(), "in": ["stream"]}]).kind is Kind.SAME
    assert compare([call()], [{**call(), "in": [[16, 6], [16, 1]]}]).kind is Kind.DIFFERS


def test_parameters() -> None:
    verdict = compare([call(parameters=1065, tensors=4)], [call(parameters=65, tensors=2)])
    assert only(verdict).endswith("the model has 65 parameters, on Keras 2 1,065")
    assert only(compare([call()], [call(tensors=5)])).endswith("the model has 5 weight tensors, on Keras 2 4")


def test_other_data() -> None:
    verdict = compare([call()], [call(fed=[0.1, 255.0])])
    assert "it is given other data than on Keras 2 (mean or deviation 255 for 1)" in only(verdict)


def test_initial_weights() -> None:
    after = call(weights_differ={"6x8#0": 0.4}, tensor_names={"6x8#0": "dense/kernel"})
    assert "1 weight tensor does not start as on Keras 2 (dense/kernel: 0.4 apart)" in only(
        compare([call()], [after])
    )
    assert compare([call()], [call(weights_differ={"6x8#0": 5e-4})]).kind is Kind.SAME
    after = call(weights_differ={"6x8#0": ["normal(0, 0.02)", "normal(0, 0.05)"]})
    assert "drawn from normal(0, 0.05), on Keras 2 from normal(0, 0.02)" in only(compare([call()], [after]))


def test_weights_trained_by_a_loop_drift() -> None:
    after = [step(1), call(2, weights_differ={"6x8#0": 0.01})]
    assert compare([step(1), call(2)], after).kind is Kind.SAME
    assert compare([call(1), call(2)], [call(1), after[1]]).kind is Kind.DIFFERS


def test_the_learning_rate() -> None:
    rate = call(compiled={"loss": ["mse"], "lr": 0.01})
    other = call(compiled={"loss": ["mse"], "lr": 0.5})
    assert only(compare([other], [rate])).endswith("the learning rate is 0.01, on Keras 2 it was 0.5")
    assert compare([other], [call(compiled={"loss": ["mse"], "lr": None})]).kind is Kind.SAME


def test_how_far_the_weights_moved() -> None:
    after = call(moved=dict.fromkeys(KEYS, 0.001))
    assert only(compare([call()], [after])).endswith(
        "the weights moved 0.1 times as far as on Keras 2, from the same start"
    )
    verdict = compare([call(optimizer="RMSprop")], [{**after, "optimizer": "RMSprop"}])
    assert verdict.kind is Kind.SAME
    assert "RMSprop has its epsilon inside of the square root" in verdict.notes[0]


SHARED: Event = {"optimizer": "Adam", "served": 2, "steps": 5, "pace": 0.18}
OWN: Event = {"optimizer": "Adam", "served": 1, "steps": 1, "pace": 0.32}


def test_an_optimizer_of_several_models_counted_the_steps_of_all() -> None:
    before = call(**SHARED)
    verdict = compare([before], [call(**OWN, moved=dict.fromkeys(KEYS, 0.01 * 0.32 / 0.18))])
    assert verdict.kind is Kind.SAME
    assert verdict.notes == [
        "On Keras 2 one optimizer counted the steps of several models; since Keras 3 each model has its own. Adam scales "
        "its steps by their number: they are longer or shorter by just that."
    ]


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        (SHARED, OWN, 0.001),
        (SHARED, OWN, 0.1),
        ({**SHARED, "served": 1}, OWN, 0.0178),
        (SHARED, SHARED, 0.0178),
    ],
    ids=["a lower rate", "a higher rate", "not shared", "still shared"],
)
def test_other_steps_than_the_counts_explain_differ(before: Event, after: Event, moved: float) -> None:
    verdict = compare([call(**before)], [call(**after, moved=dict.fromkeys(KEYS, moved))])
    assert [difference.what for difference in verdict.differences] == ["movement"]


def test_a_model_of_a_shared_optimizer_that_does_not_train_differs() -> None:
    verdict = compare([call(**SHARED)], [call(**OWN, changed=[], moved={}, trainable=0)])
    assert [difference.what for difference in verdict.differences] == ["changed"]


def test_results_that_are_returned_by_name_are_compared_by_name() -> None:
    before = call(values=[1.5, 0.5, 1.0], names=["loss", "b_mae", "a_mae"])
    after = call(values=[1.0, 0.5, 1.5], names=["a_mae", "b_mae", "loss"])
    assert compare([before], [after]).kind is Kind.SAME
    after["values"] = [1.5, 0.5, 1.0]
    assert "loss is 1, on Keras 2 it was 1.5" in compare([before], [after]).sentence


def test_of_outputs_with_one_name_only_the_total_loss_is_compared() -> None:
    before = call(values=[1.5, 0.5, 1.0])
    assert compare([before], [call(values=[1.5, 1.0, 1.0])]).kind is Kind.DIFFERS
    verdict = compare([before], [call(values=[1.5, 1.0, 1.0], alike=True)])
    assert verdict.kind is Kind.SAME
    assert "only the total loss is compared" in verdict.notes[0]
    assert compare([before], [call(values=[2.5, 0.5, 1.0], alike=True)]).kind is Kind.DIFFERS
    fit = call(method="fit", history={"loss": [1.5], "model_loss": [0.5], "model_1_loss": [1.0]})
    assert (
        compare([fit], [call(method="fit", history={"loss": [1.5], "model_loss": [1.0]}, alike=True)]).kind
        is Kind.SAME
    )


def test_rmsprop_is_compared_loosely_only_where_its_epsilon_shows() -> None:
    before = call(method="fit", optimizer="RMSprop")
    drifted = {"loss": [0.55], "accuracy": [0.5]}
    after = call(method="fit", optimizer="RMSprop", history=drifted)
    assert compare([before], [after]).kind is Kind.DIFFERS
    after["moved"] = dict.fromkeys(KEYS, 0.001)
    assert compare([before], [after]).kind is Kind.SAME
    after["history"] = {"loss": [5.0], "accuracy": [0.5]}
    assert "loss is 5, on Keras 2 it was 0.5" in only(compare([before], [after]))


def test_noise_that_is_not_shared_leaves_the_structure() -> None:
    after = call(unmatched=True, values=[0.9, 0.1], moved=dict.fromkeys(KEYS, 0.1))
    verdict = compare([call()], [after])
    assert (verdict.kind, verdict.compared, verdict.structural) == (Kind.SAME, 0, 1)
    assert verdict.sentence == "same: 1 call, 1 of them without their values"
    assert "draws noise in a way that the versions do not share" in verdict.notes[0]
    assert compare([call()], [{**after, "changed": []}]).kind is Kind.DIFFERS


def test_values_that_were_not_recorded_are_counted() -> None:
    after = call()
    del after["values"]
    verdict = compare([call()], [after, {"event": "recorder", "at": "end", "error": "KeyError: 'x'"}])
    assert (verdict.kind, verdict.compared, verdict.structural) == (Kind.SAME, 0, 1)
    assert verdict.notes[0] == "The recorder failed 1 times on Keras 3, first: KeyError: 'x'"


def test_models_built_by_the_call_itself() -> None:
    before = call(changed=None, moving_changed=None, moved=None)
    assert compare([before], [call()]).kind is Kind.SAME


def test_exceptions_that_the_program_caught() -> None:
    after = {**call(), "raised": "ValueError"}
    assert only(compare([call()], [after])).endswith(": ValueError; on Keras 2 no exception")
    verdict = compare([{**call(), "raised": "RuntimeError"}], [after])
    assert (verdict.kind, verdict.structural) == (Kind.SAME, 1)


def test_calls_missing_at_the_end() -> None:
    before = [call(1), call(2), call(3, "predict")]
    assert only(compare(before, before[:1])) == (
        "call 2, train_on_batch of model 1 (critic): made on Keras 2 only and 1 more call; "
        "Keras 3 did not get there or did something else"
    )


def test_extra_calls_do_not_shift_the_others() -> None:
    before = [call(1), call(2)]
    extra = call(2, "predict", model=1)
    after = [call(1), extra, call(3, count=2)]
    verdict = compare(before, after)
    assert "made on Keras 3 only" in only(verdict)
    assert verdict.compared == 2


def test_another_order() -> None:
    first, second = call(1, model=0), call(2, "predict", model=1)
    verdict = compare([first, second], [{**second, "number": 1}, {**first, "number": 2}])
    assert only(verdict).startswith(
        "call 1, train_on_batch of model 1 (critic): Keras 3 called predict of model 2"
    )
    assert verdict.compared == 2


def test_loops_of_another_length() -> None:
    before, after = (
        [call(), {"event": "calls", "totals": {"0.train_on_batch": count}}] for count in (10, 12)
    )
    assert "called 12 times, on Keras 2 10 times" in only(compare(before, after))


def test_steps_of_the_programs_own() -> None:
    before = [step(1), step(2)]
    assert compare(before, [step(1), step(2, norm=2.05)]).kind is Kind.SAME
    assert "the length of the gradient is 2.05" in only(compare(before, [step(1, norm=2.05), step(2)]))
    assert "1 variables have a gradient, on Keras 2 2" in only(
        compare(before, [step(1), step(2, with_gradient=1)])
    )
    after = [step(1, variables=[[1]], with_gradient=2), step(2)]
    assert "1 variables are trained, on Keras 2 2" in only(compare(before, after))
    traced = [step(1, norm=None, traced=True)]
    verdict = compare(traced, traced)
    assert (verdict.kind, verdict.compared, verdict.structural) == (Kind.SAME, 0, 1)


def test_the_first_difference_decides_and_few_follow() -> None:
    before = [call(number) for number in range(1, 31)]
    after = [call(number, values=[9.0, 0.5]) if number > 4 else call(number) for number in range(1, 31)]
    verdict = compare(before, after)
    assert verdict.at == 5
    assert len(verdict.differences) == DIFFERENCES


def test_other_names_for_the_sides() -> None:
    verdict = compare([call()], [call(values=[9.0, 0.5])], ("Keras 2.3.1", "Keras 3.15"))
    assert "on Keras 2.3.1 it was 0.7" in only(verdict)


def test_probes() -> None:
    events = [
        call(1),
        call(2, changed=[], stuck=True, trainable=0),
        call(3, changed=[], stuck=True, trainable=0),
        call(4, "fit", finite=False),
        call(5, "predict", finite=False),
        step(6),
        {"event": "calls", "totals": {}},
    ]
    assert probes(events) == [
        "call 2, train_on_batch of model 1 (critic): training changed none of its 4 weight tensors "
        "(0 of them are trainable now)",
        "call 4, fit of model 1 (critic): losses that are not finite",
        "call 5, predict of model 1 (critic): predictions that are not finite",
    ]
    assert probes([call(1), call(2, "predict")]) == []


numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(numbers, numbers)
def test_tolerances_are_symmetric_and_reflexive(first: float, second: float) -> None:
    assert ONE_STEP.holds(first, second) == ONE_STEP.holds(second, first)
    assert ONE_STEP.holds(first, first)


@given(st.floats(0.01, 1e6), st.floats(1.01, 100), st.booleans())
def test_tolerances_end(value: float, factor: float, is_negative: bool) -> None:
    value = -value if is_negative else value
    assert not Tolerance(1e-3, 1e-5).holds(value, value * factor)


@given(st.lists(st.sampled_from(METHODS), min_size=1, max_size=6), st.data())
def test_a_recording_is_the_same_as_itself_and_differs_once_changed(
    methods: list[str], data: st.DataObject
) -> None:
    before = [call(number, method) for number, method in enumerate(methods, 1)]
    after = copy.deepcopy(before)
    verdict = compare(before, after)
    assert (verdict.kind, verdict.compared) == (Kind.SAME, len(methods))
    position = data.draw(st.integers(0, len(methods) - 1))
    event = after[position]
    _change(event, data.draw(st.sampled_from(_changes(event))))
    verdict = compare(before, after)
    assert verdict.kind is Kind.DIFFERS
    assert verdict.at == position + 1


def _changes(event: Event) -> list[str]:
    found = ["parameters", "tensors", "in", "fed", "raised", "moving_changed", "changed"]
    return found + [name for name in ("values", "history", "summary", "out") if name in event]


def _change(event: Event, name: str) -> None:
    """Make one field of an event another."""
    if name in ("parameters", "tensors"):
        event[name] += 1
    elif name == "raised":
        event[name] = "ValueError"
    elif name in ("moving_changed", "changed"):
        event[name] = ["6x8#0"] if event[name] != ["6x8#0"] else []
        event["moved"] = dict.fromkeys(event["changed"], 0.01)
    elif name == "history":
        event[name]["loss"] = [event[name]["loss"][0] * 2]
    elif name == "summary":
        event[name][0][0] += 0.1
    elif name in ("values", "fed"):
        event[name][0] += 0.1
    else:
        event[name] = [[16, 7]]


def test_steps_that_a_graph_makes_are_left_out() -> None:
    before = [step(traced=True, norm=None), call(2)]
    after = [call(2), step(), step(2)]
    verdict = compare(before, after)
    assert verdict.kind is Kind.SAME
    assert any("inside of a graph" in note for note in verdict.notes)
    assert (
        compare([step(1, traced=False)], [step(1, traced=False), step(2, traced=False)]).kind is Kind.DIFFERS
    )


def test_a_compiled_step_is_seen_where_it_is_traced() -> None:
    traced: Event = {"traced": True, "norm": None}
    step_first = [step(1, **traced), call(2, count=1)]
    call_first = [call(1), step(number=2, **traced)]
    assert compare(step_first, call_first).kind is Kind.SAME
    assert compare([call(1)], call_first).kind is Kind.SAME  # the optimizers of TensorFlow 1 are not seen
    assert compare(call_first, [call(1)]).kind is Kind.DIFFERS


def test_models_that_stand_for_functions_of_the_backend_are_left_out() -> None:
    function = {**call(1, "predict_on_batch"), "model": "function 0"}
    verdict = compare([call(2)], [function, call(2)])
    assert verdict.kind is Kind.SAME
    assert any("functions of the backend" in note for note in verdict.notes)
    assert compare([function], [function, {**function, "count": 2}]).kind is Kind.DIFFERS
