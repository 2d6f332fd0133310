"""Methods and attributes of Keras 2 objects that Keras 3 objects lack, or that mean another thing there.

From signatures and from constructor and attribute probes of Keras 3.15. Private names are listed where real
programs use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from keras_upgrade.knowledge import arguments, kinds
from keras_upgrade.knowledge.kinds import Kind
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

type How = Literal["safe", "review", "advise"]


@dataclass(frozen=True, slots=True)
class Member:
    """What became of a method or attribute.

    Attributes:
        new: the Keras 3 expression, with `self` for the object (`self.learning_rate`); for a method without
            its arguments (their changes are in `arguments`). Empty if there is none.
        how: as for `moved.Moved`.
        note: what differs, or what to do.
        special: the rule that looks at it first.
    """

    new: str
    how: How = "safe"
    note: str = ""
    special: str = ""


def _gone(note: str, special: str = "") -> Member:
    return Member("", "advise", note, special)


_NODES = "The graph is walked by `layer._inbound_nodes[i].input_tensors` and `.output_tensors` (private)."
_ONE_TENSOR = "The layer takes and gives one tensor. `_inbound_nodes` is private."
_SYMBOLIC = "Symbolic tensors of training are gone: tensors exist only while `fit` runs."
_TF_MODULE = "Keras 3 layers are no `tf.Module`."
_SLOTS = (
    "Slots are gone: keep variables made by `self.add_variable_from_reference(reference_variable, name=)` "
    "in `build`."
)
_TAPE = (
    "Compute gradients with `tf.GradientTape`, then `optimizer.apply_gradients(zip(gradients, variables))`."
)
_HYPER = "Hyperparameters are plain attributes; the learning rate is `self.learning_rate`."

_LAYER: Mapping[str, Member] = {
    "input_shape": Member("self.input.shape", "review", "Of a layer; models still have it.", "layer_shape"),
    "output_shape": Member("self.output.shape", "review", "Of a layer; models still have it.", "layer_shape"),
    "inbound_nodes": Member("self._inbound_nodes", "review", _NODES),
    "outbound_nodes": Member("self._outbound_nodes", "review", _NODES),
    "get_input_at": Member("self._inbound_nodes[{}].input_tensors[0]", "review", _ONE_TENSOR, "node_at"),
    "get_output_at": Member("self._inbound_nodes[{}].output_tensors[0]", "review", _ONE_TENSOR, "node_at"),
    "get_input_shape_at": Member(
        "self._inbound_nodes[{}].input_tensors[0].shape", "review", _ONE_TENSOR, "node_at"
    ),
    "get_output_shape_at": Member(
        "self._inbound_nodes[{}].output_tensors[0].shape", "review", _ONE_TENSOR, "node_at"
    ),
    "get_input_mask_at": _gone("Masks travel with the tensors."),
    "get_output_mask_at": _gone("Masks travel with the tensors."),
    "input_mask": _gone("Masks travel with the tensors."),
    "output_mask": _gone("Masks travel with the tensors."),
    "add_update": _gone("Assign the variable at once: `variable.assign(value)`.", "add_update"),
    "add_metric": _gone(
        "It does nothing any more. Keep a `keras.metrics` object as attribute and call its `update_state`.",
        "add_metric",
    ),
    "add_variable": Member("self.add_weight", "safe", "`add_variable` means another thing in Keras 3."),
    "updates": _gone("Updates take place where they are written."),
    "get_updates_for": _gone("Updates take place where they are written."),
    "get_losses_for": Member(
        "self.losses", "review", "All losses of the layer, from its last call.", "instead_of_call"
    ),
    "assert_input_compatibility": _gone("Done before `call`, from `self.input_spec`."),
    "compute_output_signature": _gone("`self.compute_output_spec(inputs)` gives KerasTensors."),
    "stateful": _gone("Only recurrent layers have it."),
    "dynamic": _gone("Every layer may run Python code with `compile(run_eagerly=True)`."),
    "name_scope": _gone(_TF_MODULE + " Use `keras.name_scope(layer.name)`."),
    "with_name_scope": _gone(_TF_MODULE),
    "submodules": _gone(_TF_MODULE + " Use `self._flatten_layers()`."),
    "finalize_state": _gone("Not needed: `adapt` is complete."),
    "apply": _gone("Call the layer."),
    "_keras_shape": Member("self.shape", "review", "Of a tensor."),
    "_keras_history": Member(
        "self._keras_history", "review", "Its fields are operation, node_index, tensor_index."
    ),
    "_name": _gone(
        "Assigning it changes nothing: give `name=` to the constructor, or assign `layer.name`.", "layer_name"
    ),
    "_trainable_weights": _gone(
        "Not looked at: make weights by `self.add_weight(...)`.", "trainable_weights"
    ),
    "_non_trainable_weights": _gone(
        "Not looked at: `self.add_weight(..., trainable=False)`.", "trainable_weights"
    ),
    "batch_input_shape": _gone("`self.input.shape`."),
    "_batch_input_shape": _gone("`self.input.shape`."),
    "uses_learning_phase": _gone("There is no learning phase."),
    "expects_training_arg": _gone("`'training' in inspect.signature(layer.call).parameters`."),
}
_MODEL: Mapping[str, Member] = {
    **{
        name: member
        for name, member in _LAYER.items()
        if name not in ("input_shape", "output_shape", "_keras_shape", "dynamic")
    },
    # A functional model had its own making as the first node in Keras 2, so that the numbers are others.
    **{name: _gone(_NODES) for name in _LAYER if name.endswith(("put_at", "shape_at"))},
    "fit_generator": Member("self.fit", special="fit_generator"),
    "evaluate_generator": Member("self.evaluate", special="fit_generator"),
    "predict_generator": Member("self.predict", special="fit_generator"),
    "predict_classes": _gone(
        "`np.argmax(model.predict(x), axis=-1)` behind a softmax, `(model.predict(x) > "
        "0.5).astype('int32')` behind a sigmoid.",
        "predict_classes",
    ),
    "predict_proba": Member("self.predict"),
    "reset_states": _gone(
        "`for layer in model.layers: if hasattr(layer, 'reset_states'): layer.reset_states()`.",
        "reset_states",
    ),
    "to_yaml": _gone("`model.to_json()`: YAML was removed."),
    "save_spec": _gone("`[(i.shape, i.dtype) for i in model.inputs]`."),
    "run_internal_graph": _gone("Call the model."),
    "get_weight_paths": _gone("`{w.path: w for w in model.weights}`."),
    "input_names": Member("[tensor.name for tensor in self.inputs]"),
    "metrics_names": Member(
        "self.metrics_names",
        "advise",
        "It is ['loss', 'compile_metrics'] in Keras 3: use `evaluate(..., return_dict=True)`.",
        "metrics_names",
    ),
    "total_loss": _gone(_SYMBOLIC),
    "targets": _gone(_SYMBOLIC),
    "sample_weights": _gone(_SYMBOLIC),
    "loss_weights": _gone("Private: kept by the `CompileLoss` object."),
    "loss_functions": _gone(_SYMBOLIC),
    "metrics_tensors": _gone(_SYMBOLIC),
    "metrics_updates": _gone(_SYMBOLIC),
    "state_updates": _gone("Updates take place where they are written."),
    "history": _gone(
        "`history = model.fit(...)` gives it; on a model that has not been fitted there is none."
    ),
    "layers_by_depth": _gone("Private: `model._operations_by_depth` of a functional model."),
    "container_nodes": _gone(_NODES),
    "autotune_steps_per_execution": _gone("Give `compile(steps_per_execution=)` a number."),
    "model": _gone("A Sequential is its own model."),
    "_make_predict_function": _gone("Not needed: drop the call.", "make_function"),
    "_make_train_function": _gone("Not needed: drop the call.", "make_function"),
    "_make_test_function": _gone("Not needed: drop the call.", "make_function"),
    "_feed_inputs": Member("self.inputs", "review"),
    "_feed_targets": _gone(_SYMBOLIC),
    "_feed_sample_weights": _gone(_SYMBOLIC),
    "_collected_trainable_weights": Member("self.trainable_weights", "review"),
    "_network_nodes": _gone(_NODES),
    "_standardize_user_data": _gone("Give NumPy arrays to the public methods."),
    "_is_graph_network": _gone(
        "`isinstance(model, keras.Sequential)`, or whether it was made from inputs and outputs."
    ),
    "_set_inputs": _gone("Call the model once on data."),
    "_get_existing_metric": _gone(_SYMBOLIC),
}
_OPTIMIZER: Mapping[str, Member] = {
    "lr": Member("self.learning_rate", special="lr"),
    "decay": _gone("Ignored; see the argument `decay`."),
    "weights": Member("self.variables", note="Together with the iteration counter and the learning rate."),
    "get_weights": Member("[variable.numpy() for variable in self.variables]", "review"),
    "get_updates": _gone(_TAPE, "get_updates"),
    "get_gradients": _gone(_TAPE),
    "compute_gradients": _gone(_TAPE),
    "_compute_gradients": _gone(_TAPE),
    "minimize": _gone(_TAPE, "minimize"),
    "aggregate_gradients": _gone("Done by `apply_gradients`."),
    "updates": _gone("Updates take place in `apply_gradients`."),
    "add_slot": _gone(_SLOTS),
    "get_slot": _gone(_SLOTS),
    "get_slot_names": _gone(_SLOTS),
    "_create_slots": _gone(_SLOTS),
    "_set_hyper": _gone(_HYPER),
    "_get_hyper": _gone(_HYPER),
    "_prepare": _gone(_HYPER),
    "_decayed_lr": Member("self.learning_rate", "review", "The method took a dtype."),
    "_resource_apply_dense": _gone("Override `update_step(self, gradient, variable, learning_rate)`."),
    "_resource_apply_sparse": _gone("Override `update_step(self, gradient, variable, learning_rate)`."),
    "get_scaled_loss": Member("self.scale_loss", "review", "Of a loss-scale optimizer."),
    "get_unscaled_gradients": _gone("`apply_gradients` of a loss-scale optimizer unscales by itself."),
}
_METRIC: Mapping[str, Member] = {
    "reset_states": Member("self.reset_state"),
    "weights": Member("self.variables"),
    "get_weights": Member("[variable.numpy() for variable in self.variables]", "review"),
    "set_weights": _gone("`for variable, value in zip(metric.variables, values): variable.assign(value)`."),
    "trainable_weights": _gone("Metrics have only `variables`."),
    "non_trainable_weights": Member("self.variables"),
    "updates": _gone("Updates take place in `update_state`."),
    "merge_state": _gone("Add the variables by hand."),
}
_RNN: Mapping[str, Member] = {
    **_LAYER,
    "states": Member(
        "self.states", "review", "None until the layer is built; a list of variables if stateful."
    ),
    "reset_states": Member("self.reset_states", note="Both names exist."),
    "get_initial_state": Member(
        "self.get_initial_state", "review", "Takes a batch size in place of the inputs."
    ),
    "get_dropout_mask_for_cell": Member("self.get_dropout_mask", "review", "Without the count."),
    "get_recurrent_dropout_mask_for_cell": Member(
        "self.get_recurrent_dropout_mask", "review", "Without the count."
    ),
}
_CALLBACK: Mapping[str, Member] = {
    "validation_data": _gone(
        "Callbacks do not get it any more: give the data to the constructor.", "validation_data"
    ),
    "on_batch_begin": Member(
        "self.on_train_batch_begin", "review", "`on_batch_begin` is called by training only."
    ),
    "on_batch_end": Member("self.on_train_batch_end", "review", "`on_batch_end` is called by training only."),
    "model": _gone(
        "Read-only: `set_model` sets it. A callback with a model of its own needs another name.",
        "callback_model",
    ),
}
_ITERATOR: Mapping[str, Member] = {"next": Member("next(self)", special="iterator_next")}
_PREPROCESSING: Mapping[str, Member] = {
    "vocab_size": Member("self.vocabulary_size"),
    "is_adapted": _gone("`layer.built`."),
    "make_adapt_function": _gone("Call `adapt`."),
}

_OF_KIND: Mapping[Kind, Mapping[str, Member]] = {
    Kind.LAYER: _LAYER,
    Kind.MODEL: _MODEL,
    Kind.SEQUENTIAL: _MODEL,
    Kind.APPLICATION: _MODEL,
    Kind.OPTIMIZER: _OPTIMIZER,
    Kind.METRIC: _METRIC,
    Kind.CALLBACK: _CALLBACK,
}
_RECURRENT = frozenset(
    f"keras.layers.{name}"
    for name in (
        "RNN", "SimpleRNN", "LSTM", "GRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D",
        "LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells",
    )
)  # fmt: skip
_LOOKUPS = frozenset(
    f"keras.layers.{name}" for name in ("IntegerLookup", "StringLookup", "TextVectorization")
)


@cache
def of(path: str) -> Mapping[str, Member]:
    """The members of the instances of a class (`keras.layers.LSTM`, `keras.Model`) that changed, by name."""
    place = arguments.canonical(path)
    if place in _RECURRENT:
        return _RNN
    if place in _LOOKUPS:
        return {**_LAYER, **_PREPROCESSING}
    if place.rpartition(".")[2] in (
        "DirectoryIterator",
        "NumpyArrayIterator",
        "DataFrameIterator",
        "Iterator",
    ):
        return _ITERATOR
    return _OF_KIND.get(kinds.kind_of(place), {})


def member(class_path: str, name: str) -> Member | None:
    """What became of the attribute or method `name` of the instances of a class; None if nothing changed."""
    return of(class_path).get(name)


DISTINCTIVE = frozenset(
    [
        "_collected_trainable_weights", "_feed_inputs", "_feed_sample_weights", "_feed_targets", "_keras_shape",
        "_make_predict_function", "_make_test_function", "_make_train_function", "_standardize_user_data",
        "_uses_learning_phase", "add_update", "container_nodes", "evaluate_generator", "fit_generator",
        "get_input_at", "get_input_mask_at", "get_input_shape_at", "get_losses_for", "get_output_at",
        "get_output_mask_at", "get_output_shape_at", "get_updates_for", "inbound_nodes", "outbound_nodes",
        "predict_classes", "predict_generator", "run_internal_graph",
    ]
)  # fmt: skip
"""Names of methods and attributes that only objects of Keras 2 had: nothing else is called so."""
