"""Builds `knowledge/data/moved.json`: what each Keras 2 path became.

    python scripts/build_moved.py <keras2_removed.json>

The facts file gives the paths and candidates found by name; the tables below correct and complete them, and
say in words what to do where nothing took a name's place. Order of trust: HAND, LEAVES, strong candidates of
the facts file, MODULES; a weak candidate becomes an advice.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))

from keras_upgrade.knowledge import surface

DATA = pathlib.Path(__file__).parents[1] / "src" / "keras_upgrade" / "knowledge" / "data"

SAFE, REVIEW, ADVISE, TF = "safe", "review", "advise", "tf"

# ------------------------------------------------------------------------------------------------------------
# Modules: what takes the place of the module as a whole. The longest prefix counts; `=` means this module
# only.

LAYERS = "keras.layers"
MODULES = {
    "keras.layers": (LAYERS, SAFE, ""),
    "keras.layers.local": (None, ADVISE, "local"),
    "keras.layers.locally_connected": (None, ADVISE, "local"),
    "keras.layers.kernelized": (None, ADVISE, "fourier"),
    "keras.layers.legacy_rnn": (None, ADVISE, "internal"),
    "keras.layers.rnn_cell_wrapper_v2": (None, ADVISE, "internal"),
    "keras.layers.cudnn_recurrent": (LAYERS, REVIEW, "cudnn"),
    "keras.utils": ("keras.utils", SAFE, ""),
    **{
        f"keras.utils.{name}": (None, ADVISE, "internal")
        for name in [
            "control_flow_util",
            "conv_utils",
            "dataset_creator",
            "dataset_utils",
            "keras_logging",
            "kernelized_utils",
            "losses_utils",
            "metrics_utils",
            "mode_keys",
            "object_identity",
            "sidecar_evaluator",
            "tf_contextlib",
            "tf_inspect",
            "tf_utils",
            "traceback_utils",
            "version_utils",
            "experimental",
            "test_utils",
        ]
    },
    "keras.utils.training_utils": (None, ADVISE, "multi_gpu"),
    "keras.utils.multi_gpu_utils": (None, ADVISE, "multi_gpu"),
    "keras.objectives": ("keras.losses", SAFE, ""),
    "keras.callbacks": ("keras.callbacks", SAFE, ""),
    "keras.callbacks_v1": ("keras.callbacks", REVIEW, "tensorboard"),
    "keras.callbacks.tensorboard_v1": ("keras.callbacks", REVIEW, "tensorboard"),
    "keras.callbacks.tensorboard_v2": ("keras.callbacks", SAFE, ""),
    "keras.backend.tensorflow_backend": ("keras.backend", SAFE, ""),
    "keras.backend.load_backend": ("keras.backend", SAFE, ""),
    "keras.backend.common": ("keras.backend", SAFE, ""),
    "keras.backend.theano_backend": (None, ADVISE, "other_backend"),
    "keras.backend.cntk_backend": (None, ADVISE, "other_backend"),
    "keras.backend.numpy_backend": (None, ADVISE, "other_backend"),
    "keras.backend.experimental": (None, ADVISE, "tf_random_generator"),
    "keras.backend_config": ("keras.config", SAFE, ""),
    "keras.optimizers": ("keras.optimizers", SAFE, ""),
    "keras.optimizers.legacy": ("keras.optimizers", REVIEW, "legacy_optimizer"),
    "keras.optimizers.experimental": ("keras.optimizers", SAFE, ""),
    "keras.optimizers.optimizer_experimental": ("keras.optimizers", SAFE, ""),
    "keras.optimizers.optimizer_v1": ("keras.optimizers", REVIEW, "legacy_optimizer"),
    "keras.optimizers.optimizer_v2": ("keras.optimizers", REVIEW, "legacy_optimizer"),
    "keras.optimizers.optimizer_v2.utils": (None, ADVISE, "internal"),
    "keras.optimizers.utils": (None, ADVISE, "internal"),
    "keras.optimizers.schedules": ("keras.optimizers.schedules", SAFE, ""),
    "keras.optimizers.legacy_learning_rate_decay": (None, ADVISE, "schedule_functions"),
    "keras.optimizer_v1": ("keras.optimizers", REVIEW, "legacy_optimizer"),
    "keras.optimizer_v2": ("keras.optimizers", REVIEW, "legacy_optimizer"),
    "keras.optimizer_v2.utils": (None, ADVISE, "internal"),
    "keras.optimizer_v2.learning_rate_schedule": ("keras.optimizers.schedules", SAFE, ""),
    "keras.optimizer_v2.legacy_learning_rate_decay": (None, ADVISE, "schedule_functions"),
    "keras.optimizer_experimental": ("keras.optimizers", SAFE, ""),
    "keras.metrics": ("keras.metrics", SAFE, ""),
    "keras.metrics.experimental": (None, ADVISE, "py_metric"),
    "keras.losses": ("keras.losses", SAFE, ""),
    "keras.initializers": ("keras.initializers", SAFE, ""),
    "keras.mixed_precision": ("keras.mixed_precision", SAFE, ""),
    "keras.mixed_precision.loss_scale": (None, ADVISE, "loss_scale"),
    "keras.mixed_precision.autocast_variable": (None, ADVISE, "internal"),
    "keras.mixed_precision.device_compatibility_check": (None, ADVISE, "internal"),
    "keras.mixed_precision.loss_scale_benchmark": (None, ADVISE, "internal"),
    "keras.models": ("keras.models", SAFE, ""),
    "keras.models.experimental": (None, ADVISE, "sam"),
    "keras.models.sharpness_aware_minimization": (None, ADVISE, "sam"),
    "keras.saving": ("keras.saving", REVIEW, "saving_internals"),
    "keras.engine": (LAYERS, REVIEW, "engine"),
    "keras.engine.topology": (LAYERS, REVIEW, "engine"),
    "keras.engine.base_layer": (LAYERS, REVIEW, "engine"),
    "keras.engine.input_layer": (LAYERS, REVIEW, "engine"),
    "keras.engine.input_spec": (LAYERS, REVIEW, "engine"),
    "keras.engine.base_preprocessing_layer": (LAYERS, REVIEW, "engine"),
    "keras.engine.training": ("keras.models", REVIEW, "engine"),
    "keras.engine.sequential": ("keras.models", REVIEW, "engine"),
    "keras.engine.functional": ("keras.models", REVIEW, "engine"),
    "keras.engine.network": ("keras.models", REVIEW, "engine"),
    "keras.engine.keras_tensor": ("keras", REVIEW, "engine"),
    "keras.engine.saving": ("keras.saving", REVIEW, "saving_internals"),
    **{
        f"keras.engine.{name}": (None, ADVISE, "internal")
        for name in [
            "base_layer_utils",
            "base_layer_v1",
            "compile_utils",
            "data_adapter",
            "functional_utils",
            "node",
            "partial_batch_padding_handler",
            "training_arrays",
            "training_arrays_v1",
            "training_distributed_v1",
            "training_eager_v1",
            "training_generator",
            "training_generator_v1",
            "training_utils",
            "training_utils_v1",
            "training_v1",
        ]
    },
    "keras.applications": ("keras.applications", SAFE, ""),
    "keras.applications.mobilenetv2": ("keras.applications.mobilenet_v2", SAFE, ""),
    "keras.applications.regnet": (None, ADVISE, "application"),
    "keras.applications.resnet_rs": (None, ADVISE, "application"),
    "keras.applications.efficientnet_weight_update_util": (None, ADVISE, "internal"),
    "keras.datasets.cifar": (None, ADVISE, "internal"),
    "keras.export": ("keras.export", SAFE, ""),
    "keras.preprocessing.text": ("tensorflow.keras.preprocessing.text", TF, "text"),
    "keras.preprocessing.dataset_utils": (None, ADVISE, "internal"),
    "keras.preprocessing.image_dataset": ("keras.utils", SAFE, ""),
    "keras.preprocessing.text_dataset": ("keras.utils", SAFE, ""),
    "keras.preprocessing.timeseries": ("keras.utils", SAFE, ""),
    "keras.wrappers": (None, ADVISE, "sklearn"),
    "keras.wrappers.scikit_learn": (None, ADVISE, "sklearn"),
    "keras.legacy": (None, ADVISE, "legacy_layers"),
    "keras.legacy.models": (None, ADVISE, "legacy_layers"),
    "keras.legacy.interfaces": (None, ADVISE, "internal"),
    "keras.legacy_tf_layers": (None, ADVISE, "tf_layers"),
    "keras.experimental": (None, ADVISE, "experimental"),
    "keras.estimator": (None, ADVISE, "estimator"),
    "keras.premade": (None, ADVISE, "premade"),
    "keras.premade_models": (None, ADVISE, "premade"),
    "keras.feature_column": (None, ADVISE, "feature_column"),
    "keras.dtensor": (None, ADVISE, "dtensor"),
    "keras.distribute": (None, ADVISE, "internal"),
    "keras.google": (None, ADVISE, "internal"),
    "keras.api": ("keras", SAFE, ""),
    "keras.protobuf": (None, ADVISE, "internal"),
    "keras.type": (None, ADVISE, "internal"),
    "keras.testing_utils": (None, ADVISE, "internal"),
    "keras.keras_parameterized": (None, ADVISE, "internal"),
    "keras.combinations": (None, ADVISE, "internal"),
    # Keras 1
    "keras.initializations": ("keras.initializers", REVIEW, "keras1_initializations"),
    "keras.utils.visualize_util": ("keras.utils", SAFE, ""),
    "keras.layers.containers": (None, ADVISE, "keras1_containers"),
}

# ------------------------------------------------------------------------------------------------------------
# Advices, by key.

NOTES = {
    "internal": "An internal of Keras 2 that Keras 3 does not have. Copy the few lines you need into the "
    "program, "
    "or use a public name.",
    "local": "Keras 3 has no locally connected layers. Copy the layer into the program: "
    "`keras.ops.image.extract_patches`, then `keras.ops.einsum` with a kernel per position.",
    "fourier": "`RandomFourierFeatures` was removed without a successor: write a layer that computes "
    "`cos(x @ W + b)` with fixed random `W` and `b`.",
    "cudnn": "`LSTM` and `GRU` choose the cuDNN kernel by themselves. Weights saved by the CuDNN layer have "
    "another "
    "bias layout: `load_weights` of such a file needs a conversion.",
    "multi_gpu": "`multi_gpu_model` was removed (TF 2.4). Build and compile the model under "
    "`tf.distribute.MirroredStrategy().scope()`, or set "
    "`keras.distribution.set_distribution(DataParallel())` (JAX); "
    "on one GPU simply drop the call.",
    "tensorboard": "Only the TF 2 form of the callback is left: `write_grads`, `batch_size`, "
    "`embeddings_layer_names`, "
    "`embeddings_data` have no effect any more.",
    "other_backend": "Keras 3 runs on TensorFlow, JAX or PyTorch; this backend is gone. Use `keras.ops`.",
    "tf_random_generator": "Keras 3 always draws from its own seed generators: drop the call.",
    "legacy_optimizer": "The legacy optimizers of Keras 3 are stubs that raise. The normal class takes its "
    "place; "
    "`decay=` has no effect there, `get_updates`/`get_weights` are gone.",
    "schedule_functions": "The function forms are gone: use the classes of `keras.optimizers.schedules`.",
    "py_metric": "Metrics that run Python code were removed: subclass `keras.metrics.Metric`, or compute "
    "the value in "
    "a callback with NumPy.",
    "loss_scale": "Loss scaling is an argument now: `keras.mixed_precision.LossScaleOptimizer(inner, "
    "initial_scale=)`.",
    "sam": "`SharpnessAwareMinimization` was removed without a successor: write the two-step update in "
    "`train_step`.",
    "saving_internals": "Only `save_model`, `load_model`, `load_weights`, `save_weights`, "
    "`register_keras_serializable` "
    "and friends are public in `keras.saving`. HDF5 helpers (`load_weights_from_hdf5_group`, ...) are gone: "
    "`model.load_weights(path)` reads such a file, by name with `by_name=True` for `.h5`.",
    "engine": "`keras.engine` is no public module any more. `Layer`, `InputSpec`, `Input`, `InputLayer` are "
    "in "
    "`keras.layers`, `Model` and `Sequential` in `keras`.",
    "application": "This application was dropped from Keras 3, with its weights. Use another of "
    "`keras.applications` "
    "(EfficientNetV2, ConvNeXt), or `keras_hub`.",
    "text": "Kept only as legacy of `tf.keras`. `keras.layers.TextVectorization` is the modern form (other "
    "indices).",
    "sklearn": "`keras.wrappers.scikit_learn` was removed. "
    "`scikeras.wrappers.KerasClassifier`/`KerasRegressor` "
    "(package `scikeras`) are nearest: `build_fn=` is `model=` there. Keras 3 has "
    "`keras.wrappers.SKLearnClassifier` with "
    "another constructor.",
    "legacy_layers": "Keras 1 remains; removed. Use the layers of `keras.layers`.",
    "tf_layers": "`tf.layers` and the code behind it are gone: use the layer classes of `keras.layers`.",
    "experimental": "The `experimental` module is gone; most of its names have a plain place, or were "
    "removed.",
    "estimator": "Estimators were removed from TensorFlow: train the Keras model with `fit`.",
    "premade": "The premade models were removed: a `Dense` layer on the features is `LinearModel`; add its "
    "output to "
    "that of a deep model for `WideDeepModel`.",
    "feature_column": "Feature columns were removed from Keras: use `keras.utils.FeatureSpace` or the "
    "preprocessing "
    "layers (`Normalization`, `StringLookup`, `CategoryEncoding`, ...).",
    "dtensor": "DTensor support was replaced by `keras.distribution` (JAX backend), or `tf.distribute`.",
    "keras1_initializations": "Function initializers of Keras 1; the classes of `keras.initializers` take "
    "their place.",
    "keras1_containers": "Containers of Keras 1: use `keras.Sequential` or `keras.Model`.",
}

# ------------------------------------------------------------------------------------------------------------
# Names that mean one thing wherever they were imported from: leaf name -> answer. Only for paths that Keras 3
# lacks.

TF_IMAGE = "tensorflow.keras.preprocessing.image"
TF_SEQUENCE = "tensorflow.keras.preprocessing.sequence"
LEAVES = {
    "multi_gpu_model": (None, ADVISE, NOTES["multi_gpu"]),
    "Layer": ("keras.layers.Layer", SAFE, ""),
    "InputSpec": ("keras.layers.InputSpec", SAFE, ""),
    "InputLayer": ("keras.layers.InputLayer", SAFE, ""),
    "Input": ("keras.layers.Input", SAFE, ""),
    "Model": ("keras.Model", SAFE, ""),
    "Sequential": ("keras.Sequential", SAFE, ""),
    "Functional": (
        "keras.Model",
        REVIEW,
        "The class of functional models is no public name; `keras.Model` builds one.",
    ),
    "Network": ("keras.Model", REVIEW, "`Network` became `Model`, which can also be trained."),
    "Container": ("keras.Model", REVIEW, "`Container` became `Model`, which can also be trained."),
    "AbstractRNNCell": (
        "keras.layers.Layer",
        REVIEW,
        "A cell is any layer with `state_size`, `output_size` and `call(inputs, states)`.",
    ),
    "DropoutRNNCellMixin": (
        "keras.src.layers.rnn.dropout_rnn_cell.DropoutRNNCell",
        REVIEW,
        "It is no public name, as `DropoutRNNCellMixin` was none: another release may move it.",
    ),
    "BaseRandomLayer": (
        "keras.layers.Layer",
        REVIEW,
        "A layer that draws random numbers makes a `keras.random.SeedGenerator` of its own.",
    ),
    "PreprocessingLayer": (
        "keras.layers.Layer",
        REVIEW,
        "The base class is gone; `adapt` has to be written by hand if the layer used it.",
    ),
    "CuDNNLSTM": ("keras.layers.LSTM", REVIEW, NOTES["cudnn"]),
    "CuDNNGRU": (
        "keras.layers.GRU",
        REVIEW,
        NOTES["cudnn"] + " `CuDNNGRU` is `GRU(reset_after=True)`, the default.",
    ),
    "ThresholdedReLU": (
        "keras.layers.ReLU",
        REVIEW,
        "`ThresholdedReLU(theta)` is `ReLU(threshold=theta)`; its default was `theta=1.0`. Only an input "
        "exactly equal "
        "to theta gives another result.",
    ),
    "SyncBatchNormalization": (
        "keras.layers.BatchNormalization",
        REVIEW,
        "`BatchNormalization(synchronized=True)`.",
    ),
    "CategoryCrossing": (
        None,
        ADVISE,
        "`CategoryCrossing` was removed. `keras.layers.HashedCrossing(num_bins)` is nearest, with hashed "
        "bins in place of "
        "joined strings.",
    ),
    "LocallyConnected1D": (None, ADVISE, NOTES["local"]),
    "LocallyConnected2D": (None, ADVISE, NOTES["local"]),
    "RandomFourierFeatures": (None, ADVISE, NOTES["fourier"]),
    "DenseFeatures": (None, ADVISE, NOTES["feature_column"]),
    "SequenceFeatures": (None, ADVISE, NOTES["feature_column"]),
    "LinearModel": (None, ADVISE, NOTES["premade"]),
    "WideDeepModel": (None, ADVISE, NOTES["premade"]),
    "PeepholeLSTMCell": (
        None,
        ADVISE,
        "The cell was removed: copy it, or use `keras.layers.LSTMCell` (no peepholes).",
    ),
    "SidecarEvaluator": (
        None,
        ADVISE,
        "Removed: evaluate the checkpoints in a script of your own with `load_model` and `evaluate`.",
    ),
    "SidecarEvaluatorModelExport": (None, ADVISE, "Removed together with `SidecarEvaluator`."),
    "SharpnessAwareMinimization": (None, ADVISE, NOTES["sam"]),
    "HDF5Matrix": (
        None,
        ADVISE,
        "`HDF5Matrix` was removed (TF 2.4). Read the data with h5py: `h5py.File(path)['name'][start:end]`, "
        "or wrap the file "
        "in a `keras.utils.PyDataset` if it does not fit into memory.",
    ),
    "H5Dict": (None, ADVISE, "Removed; use `h5py.File`."),
    "h5dict": (None, ADVISE, "Removed; use `h5py.File`."),
    "GeneratorEnqueuer": (
        None,
        ADVISE,
        "The queues are internal now: pass the generator itself to `fit`, `evaluate` or `predict`.",
    ),
    "OrderedEnqueuer": (
        None,
        ADVISE,
        "The queues are internal now: pass the `keras.utils.PyDataset` itself to `fit`; `workers` and "
        "`use_multiprocessing` are arguments of its constructor.",
    ),
    "SequenceEnqueuer": (
        None,
        ADVISE,
        "The queues are internal now: pass the generator or `PyDataset` itself to `fit`.",
    ),
    "StepsPerExecutionTuner": (None, ADVISE, "Removed: give `compile(steps_per_execution=)` a number."),
    "TimedThread": (None, ADVISE, "Removed: use `threading.Thread` in a callback."),
    "DatasetCreator": (None, ADVISE, "Removed: pass a `tf.data.Dataset` (per worker) to `fit`."),
    "convert_all_kernels_in_model": (
        None,
        ADVISE,
        "Theano and TensorFlow kernels were flipped versions of each other; Keras 3 reads TensorFlow "
        "kernels only. For a "
        "Theano file flip axes 0 and 1 of each convolution kernel with NumPy: `kernel[::-1, ::-1]`.",
    ),
    "warmstart_embedding_matrix": (
        None,
        ADVISE,
        "Removed: build the matrix with NumPy and give it to `Embedding(..., "
        "embeddings_initializer=keras.initializers."
        "Constant(matrix))`.",
    ),
    "to_ordinal": (
        None,
        ADVISE,
        "Removed: `(np.arange(num_classes - 1) < np.asarray(y)[..., None]).astype('float32')`.",
    ),
    "print_summary": (None, ADVISE, "Removed: `model.summary()` (same arguments)."),
    "model_to_estimator": (None, ADVISE, NOTES["estimator"]),
    "model_to_estimator_v2": (None, ADVISE, NOTES["estimator"]),
    "BaseLogger": (None, ADVISE, "The trainer averages the metrics by itself: drop the callback."),
    "RadialConstraint": (
        None,
        ADVISE,
        "Removed without a successor: subclass `keras.constraints.Constraint` and copy its `__call__`.",
    ),
    "radial_constraint": (
        None,
        ADVISE,
        "Removed without a successor: subclass `keras.constraints.Constraint` and copy its `__call__`.",
    ),
    "MeanTensor": (
        None,
        ADVISE,
        "Removed: subclass `keras.metrics.Metric` with a sum and a count variable of the tensor's shape.",
    ),
    "MeanRelativeError": (
        None,
        ADVISE,
        "Removed: subclass `keras.metrics.Mean` and update it with `abs(y_true - y_pred) / normalizer`.",
    ),
    "PyMetric": (None, ADVISE, NOTES["py_metric"]),
    "TFOptimizer": (
        None,
        ADVISE,
        "There is no wrapper for `tf.train` optimizers: use the class of `keras.optimizers` of the same "
        "name.",
    ),
    "LinearCosineDecay": (None, ADVISE, "Removed; `keras.optimizers.schedules.CosineDecay` is nearest."),
    "NoisyLinearCosineDecay": (None, ADVISE, "Removed; `keras.optimizers.schedules.CosineDecay` is nearest."),
    "model_from_yaml": (
        None,
        ADVISE,
        "YAML was removed for its security holes: `keras.models.model_from_json` with a file written by "
        "`model.to_json()`.",
    ),
    "model_from_config": (
        "keras.layers.deserialize",
        REVIEW,
        "Of a whole config `{'class_name': ..., 'config': ...}` of Keras 3; configs saved by Keras 2 may "
        "not load.",
    ),
    "export_saved_model": (None, ADVISE, "Removed: `model.export(path)` writes a SavedModel for serving."),
    "load_from_saved_model": (
        None,
        ADVISE,
        "Removed: `keras.layers.TFSMLayer(path, call_endpoint='serving_default')` runs a SavedModel "
        "(inference only).",
    ),
    "terminate_keras_multiprocessing_pools": (None, ADVISE, "Removed: drop the call."),
    "Merge": (
        None,
        ADVISE,
        "Choose the layer by `mode=`: sum `Add`, mul `Multiply`, concat `Concatenate(axis=)`, ave "
        "`Average`, max "
        "`Maximum`, dot `Dot(axes=)`, cos `Dot(axes=, normalize=True)`; and call it on the list of tensors.",
    ),
    "MaxoutDense": (
        None,
        ADVISE,
        "Removed with Keras 2: `Dense(k * units)`, `Reshape((k, units))`, and `keras.ops.max(x, axis=1)` in "
        "a layer.",
    ),
    "Highway": (
        None,
        ADVISE,
        "Removed with Keras 2: write the gate with two `Dense` layers in the functional API.",
    ),
    "AtrousConv1D": (None, ADVISE, "`keras.layers.Conv1D(..., dilation_rate=atrous_rate)`."),
    "AtrousConvolution1D": (None, ADVISE, "`keras.layers.Conv1D(..., dilation_rate=atrous_rate)`."),
    "AtrousConv2D": (None, ADVISE, "`keras.layers.Conv2D(..., dilation_rate=atrous_rate)`."),
    "AtrousConvolution2D": (None, ADVISE, "`keras.layers.Conv2D(..., dilation_rate=atrous_rate)`."),
    "TimeDistributedDense": (
        None,
        ADVISE,
        "`keras.layers.TimeDistributed(keras.layers.Dense(units))`; a plain `Dense` does the same.",
    ),
    "Recurrent": (
        None,
        ADVISE,
        "The base class of recurrent layers is `keras.layers.RNN`, which takes a cell: move the step "
        "function into a "
        "layer with `state_size` and `call(inputs, states)`.",
    ),
    "ConvRecurrent2D": (
        None,
        ADVISE,
        "Internal base class of `ConvLSTM2D`; use `keras.layers.RNN` with a cell.",
    ),
    "ConvRNN2D": (None, ADVISE, "Internal base class of `ConvLSTM2D`; use `keras.layers.RNN` with a cell."),
    "ConvLSTM2DCell": (None, ADVISE, "The cell is internal now; use `keras.layers.ConvLSTM2D`."),
    "DropoutWrapper": (None, ADVISE, "RNN cell wrapper of TF 1; write the wrapper as a cell layer."),
    "ResidualWrapper": (None, ADVISE, "RNN cell wrapper of TF 1; write the wrapper as a cell layer."),
    "DeviceWrapper": (None, ADVISE, "RNN cell wrapper of TF 1; drop it."),
    "TFOpLambda": (
        None,
        ADVISE,
        "TensorFlow functions no longer turn into layers: call `keras.ops`, or write a layer. A model file "
        "with such a layer "
        "does not load; rebuild the model in code and load its weights.",
    ),
    "SlicingOpLambda": (
        None,
        ADVISE,
        "Slicing a KerasTensor works without a layer. A model file with such a layer does not load; rebuild "
        "the model in "
        "code and load its weights.",
    ),
    "RandomHeight": ("tensorflow.keras.layers.RandomHeight", TF, "Kept only as legacy of `tf.keras`."),
    "RandomWidth": ("tensorflow.keras.layers.RandomWidth", TF, "Kept only as legacy of `tf.keras`."),
    "CosineDecay": ("keras.optimizers.schedules.CosineDecay", SAFE, ""),
    "CosineDecayRestarts": ("keras.optimizers.schedules.CosineDecayRestarts", SAFE, ""),
    "ExponentialDecay": ("keras.optimizers.schedules.ExponentialDecay", SAFE, ""),
    "InverseTimeDecay": ("keras.optimizers.schedules.InverseTimeDecay", SAFE, ""),
    "PiecewiseConstantDecay": ("keras.optimizers.schedules.PiecewiseConstantDecay", SAFE, ""),
    "PolynomialDecay": ("keras.optimizers.schedules.PolynomialDecay", SAFE, ""),
    "LearningRateSchedule": ("keras.optimizers.schedules.LearningRateSchedule", SAFE, ""),
    "KerasClassifier": (None, ADVISE, NOTES["sklearn"]),
    "KerasRegressor": (None, ADVISE, NOTES["sklearn"]),
    "BaseWrapper": (None, ADVISE, NOTES["sklearn"]),
    "LayoutMap": (
        None,
        ADVISE,
        NOTES["dtensor"] + " `keras.distribution.LayoutMap` has another constructor.",
    ),
    "get_layer_policy": (None, ADVISE, "Removed: `layer.dtype_policy`."),
    "set_policy": ("keras.mixed_precision.set_global_policy", SAFE, ""),
    "get_session": (
        None,
        ADVISE,
        "There are no sessions any more: tensors are eager. Drop the call and `run`.",
    ),
    "set_session": (
        None,
        ADVISE,
        "There are no sessions any more: drop the call, and the `ConfigProto` with it.",
    ),
    "get_source_inputs": ("keras.utils.get_source_inputs", SAFE, ""),
    "enable_unsafe_deserialization": ("keras.config.enable_unsafe_deserialization", SAFE, ""),
    "huber_loss": ("keras.losses.huber", SAFE, ""),
    "pack_x_y_sample_weight": ("keras.utils.pack_x_y_sample_weight", SAFE, ""),
    "unpack_x_y_sample_weight": ("keras.utils.unpack_x_y_sample_weight", SAFE, ""),
    "is_keras_tensor": ("keras.utils.is_keras_tensor", SAFE, ""),
    "relu6": ("keras.activations.relu6", SAFE, ""),
    "func_dump": (None, ADVISE, "Internal since Keras 3; `marshal.dumps(function.__code__)` is its core."),
    "func_load": (None, ADVISE, "Internal since Keras 3; rebuild the function with `types.FunctionType`."),
    "has_arg": (None, ADVISE, "Internal since Keras 3: `name in inspect.signature(fn).parameters`."),
    "to_list": (None, ADVISE, "Internal since Keras 3: `x if isinstance(x, list) else [x]`."),
    "normalize_data_format": (
        None,
        ADVISE,
        "Internal since Keras 3: `value or keras.config.image_data_format()`.",
    ),
    "OrderedDict": (None, ADVISE, "Not a Keras name: import it from `collections`."),
    "defaultdict": (None, ADVISE, "Not a Keras name: import it from `collections`."),
    "deque": (None, ADVISE, "Not a Keras name: import it from `collections`."),
    "namedtuple": (None, ADVISE, "Not a Keras name: import it from `collections`."),
    "Iterable": (None, ADVISE, "Not a Keras name: import it from `collections.abc`."),
    "h5py": (None, ADVISE, "Not a Keras name: `import h5py`."),
    "conv_output_length": (
        None,
        ADVISE,
        "Internal since Keras 3. For `same`: `-(-length // stride)`; for `valid`: `(length - dilation * "
        "(size - 1) - 1) // "
        "stride + 1`; or ask a layer: `layer.compute_output_shape(shape)`.",
    ),
    "normalize_tuple": (
        None,
        ADVISE,
        "Internal since Keras 3: `(value,) * n if isinstance(value, int) else tuple(value)`.",
    ),
    "count_params": (
        None,
        ADVISE,
        "Internal since Keras 3: `sum(math.prod(w.shape) for w in weights)`, or `model.count_params()`.",
    ),
    "keras_modules_injection": (
        None,
        ADVISE,
        "Internal of `keras_applications`: call the application directly.",
    ),
    "VersionAwareLayers": (None, ADVISE, "Internal: `keras.layers`."),
}

_COSINE = (
    "Of `keras.losses`: the negative similarity in Keras 2.3 and 3 (summed over the axis); older versions "
    "took the mean."
)
_COSINE_METRIC = (
    "The function is gone. As a metric pass `keras.metrics.CosineSimilarity()`; "
    "`keras.losses.cosine_similarity` has the "
    "opposite sign."
)
_ACCURACY = (
    "The function form is gone: pass the string `'accuracy'` to `compile(metrics=)`, or "
    "`keras.metrics.Accuracy()`; by hand "
    "`keras.ops.cast(keras.ops.equal(y_true, y_pred), 'float32')`."
)
_LEGACY_IMAGE = "Kept only as legacy of `tf.keras`."

# ------------------------------------------------------------------------------------------------------------
# Single paths.

HAND = {
    "keras.layers.wrappers": (LAYERS, SAFE, ""),
    "keras.layers.preprocessing": (LAYERS, SAFE, ""),
    "keras.layers.experimental.preprocessing": (LAYERS, SAFE, ""),
    "keras.layers.merge": (
        LAYERS,
        SAFE,
        "",
    ),
    "keras.layers.merge.merge": (None, ADVISE, LEAVES["Merge"][2]),
    "keras.legacy.layers": (None, ADVISE, NOTES["legacy_layers"]),
    "keras.legacy.layers.merge": (None, ADVISE, LEAVES["Merge"][2]),
    "keras.layers.MaxoutDense": LEAVES["MaxoutDense"],
    "keras.engine.saving": ("keras.saving", REVIEW, NOTES["saving_internals"]),
    "keras.engine.saving.load_model": ("keras.models.load_model", SAFE, ""),
    "keras.engine.saving.save_model": ("keras.models.save_model", SAFE, ""),
    "keras.engine.saving.model_from_json": ("keras.models.model_from_json", SAFE, ""),
    "keras.engine.base_layer.Node": (
        None,
        ADVISE,
        "Internal since Keras 3: walk `layer._inbound_nodes` and `node.operation`.",
    ),
    "keras.losses.cosine": ("keras.losses.cosine_similarity", REVIEW, _COSINE),
    "keras.losses.cosine_proximity": ("keras.losses.cosine_similarity", REVIEW, _COSINE),
    "keras.objectives.cosine_proximity": ("keras.losses.cosine_similarity", REVIEW, _COSINE),
    "keras.metrics.cosine": (None, ADVISE, _COSINE_METRIC),
    "keras.metrics.cosine_proximity": (None, ADVISE, _COSINE_METRIC),
    "keras.metrics.cosine_similarity": (None, ADVISE, _COSINE_METRIC),
    "keras.metrics.metrics.cosine_similarity": (None, ADVISE, _COSINE_METRIC),
    "keras.metrics.regression_metrics.cosine_similarity": (None, ADVISE, _COSINE_METRIC),
    "keras.metrics.acc": (None, ADVISE, _ACCURACY),
    "keras.metrics.ACC": (None, ADVISE, _ACCURACY),
    "keras.metrics.accuracy": (None, ADVISE, _ACCURACY),
    "keras.metrics.clone_metric": (
        None,
        ADVISE,
        "Internal: `metric.__class__.from_config(metric.get_config())`.",
    ),
    "keras.losses.LossFunctionWrapper": (
        None,
        ADVISE,
        "Internal since Keras 3: subclass `keras.losses.Loss` and write `call(self, y_true, y_pred)`.",
    ),
    "keras.losses.Reduction": (
        "tensorflow.keras.losses.Reduction",
        TF,
        "Kept only as legacy of `tf.keras`; Keras 3 takes strings: `'sum_over_batch_size'` (also for AUTO), "
        "`'sum'`, `None` "
        "or `'none'`.",
    ),
    "keras.optimizers.clip_norm": (
        None,
        ADVISE,
        "Internal: `keras.ops.where(n >= c, g * c / n, g)`; or the argument `clipnorm=`.",
    ),
    "keras.optimizers.schedules.LinearCosineDecay": LEAVES["LinearCosineDecay"],
    "keras.callbacks.experimental": ("keras.callbacks", SAFE, ""),
    "keras.callbacks.experimental.BackupAndRestore": ("keras.callbacks.BackupAndRestore", SAFE, ""),
    "keras.callbacks.BackupAndRestoreExperimental": ("keras.callbacks.BackupAndRestore", SAFE, ""),
    "keras.mixed_precision.experimental": ("keras.mixed_precision", SAFE, ""),
    "keras.mixed_precision.experimental.LossScaleOptimizer": (
        "keras.mixed_precision.LossScaleOptimizer",
        REVIEW,
        "The argument `loss_scale` became `initial_scale` (a number; scaling is always dynamic).",
    ),
    "keras.preprocessing.image.ImageDataGenerator": (
        f"{TF_IMAGE}.ImageDataGenerator",
        TF,
        "Kept only as legacy of `tf.keras`; the modern form is `keras.utils.image_dataset_from_directory` "
        "and `Random*` layers.",
    ),
    "keras.preprocessing.image.image_dataset_from_directory": (
        "keras.utils.image_dataset_from_directory",
        SAFE,
        "",
    ),
    "keras.preprocessing.text.text_dataset_from_directory": (
        "keras.utils.text_dataset_from_directory",
        SAFE,
        "",
    ),
    "keras.preprocessing.text.one_hot": (
        "tensorflow.keras.preprocessing.text.one_hot",
        TF,
        "Kept only as legacy of `tf.keras`. It hashes words; `keras.ops.one_hot` is another function.",
    ),
    "keras.preprocessing.image.DataFrameIterator": (
        None,
        ADVISE,
        "Not exported any more: use `ImageDataGenerator.flow_from_dataframe` of `tf.keras`.",
    ),
    "keras.utils.generic_utils": ("keras.utils", SAFE, ""),
    "keras.utils.image_utils.smart_resize": ("keras.preprocessing.image.smart_resize", SAFE, ""),
    "keras.utils.generic_utils.Progbar": ("keras.utils.Progbar", SAFE, ""),
    "keras.utils.layer_utils.convert_dense_weights_data_format": LEAVES["convert_all_kernels_in_model"],
    "keras.utils.losses_utils.Reduction": (
        "tensorflow.keras.losses.Reduction",
        TF,
        "Kept only as legacy of `tf.keras`; Keras 3 takes strings: `'sum_over_batch_size'`, `'sum'`, "
        "`'none'`.",
    ),
    "keras.utils.losses_utils.ReductionV2": (
        "tensorflow.keras.losses.Reduction",
        TF,
        "Kept only as legacy of `tf.keras`; Keras 3 takes strings: `'sum_over_batch_size'`, `'sum'`, "
        "`'none'`.",
    ),
    "keras.utils.conv_utils.normalize_padding": (None, ADVISE, "Internal since Keras 3: `value.lower()`."),
    "keras.applications.mobilenetv2.decode_predictions": (
        "keras.applications.mobilenet_v2.decode_predictions",
        SAFE,
        "",
    ),
    "keras.applications.mobilenetv2.preprocess_input": (
        "keras.applications.mobilenet_v2.preprocess_input",
        SAFE,
        "",
    ),
    "keras.callbacks_v1.TensorBoard": ("keras.callbacks.TensorBoard", REVIEW, NOTES["tensorboard"]),
    "keras.saving.serialization_lib.Config": ("keras.utils.Config", SAFE, ""),
    "keras.metrics.base_metric.MeanMetricWrapper": ("keras.metrics.MeanMetricWrapper", SAFE, ""),
    # Keras 1, and Keras 2 names that live on in old programs
    "keras.utils.visualize_util.plot": ("keras.utils.plot_model", SAFE, ""),
    "keras.utils.visualize_util.model_to_dot": ("keras.utils.model_to_dot", SAFE, ""),
    "keras.utils.vis_utils.plot": ("keras.utils.plot_model", SAFE, ""),
    "keras.layers.TimeDistributedDense": LEAVES["TimeDistributedDense"],
    "keras.layers.core.TimeDistributedDense": LEAVES["TimeDistributedDense"],
    "keras.layers.core.Merge": LEAVES["Merge"],
    "keras.layers.core.MaxoutDense": LEAVES["MaxoutDense"],
    "keras.layers.core.Highway": LEAVES["Highway"],
    "keras.layers.core.Lambda": ("keras.layers.Lambda", SAFE, ""),
    "keras.models.Graph": (None, ADVISE, "The graph model of Keras 0: rebuild it with the functional API."),
    "keras.regularizers.l1l2": (
        "keras.regularizers.L1L2",
        REVIEW,
        "`l1l2(l1, l2)` of Keras 1; defaults were 0.01 each.",
    ),
    "keras.regularizers.WeightRegularizer": (
        "keras.regularizers.L1L2",
        REVIEW,
        "Keras 1: `WeightRegularizer(l1, l2)`.",
    ),
    "keras.regularizers.activity_l1": (
        "keras.regularizers.L1",
        REVIEW,
        "Keras 1, as `activity_regularizer=`.",
    ),
    "keras.regularizers.activity_l2": (
        "keras.regularizers.L2",
        REVIEW,
        "Keras 1, as `activity_regularizer=`.",
    ),
    "keras.regularizers.activity_l1l2": (
        "keras.regularizers.L1L2",
        REVIEW,
        "Keras 1, as `activity_regularizer=`.",
    ),
    **{
        f"keras.metrics.{name}": (
            None,
            ADVISE,
            "Removed with Keras 2.0, because a mean over batches is not the value over the data. Use "
            "`keras.metrics.Precision()`, `Recall()`, `F1Score()`, `FBetaScore()`, or compute it after "
            "`predict`.",
        )
        for name in ("precision", "recall", "fbeta_score", "fmeasure", "f1score", "matthews_correlation")
    },
    "keras.losses.binary_crossentropy_v2": (None, ADVISE, NOTES["internal"]),
}

# Weak candidates of the facts file that are right.
STRONG_MODULES = {"keras.backend_config": "keras.config", "keras.dtensor.optimizers": "keras.optimizers"}


def module_answer(path):
    """The row of MODULES for the longest prefix, and how much of the path it covers."""
    prefix = path
    while prefix:
        if prefix in MODULES:
            new, how, note = MODULES[prefix]
            return prefix, new, how, NOTES.get(note, note)
        prefix = prefix.rpartition(".")[0]
    return None


def candidate_answer(path, candidates, strength):
    """From the facts file: strong candidates as they are, weak ones in words."""
    if not candidates:
        return None
    new = candidates[0]
    leaf = path.rpartition(".")[2]
    for better in (f"keras.layers.{leaf}",):
        if new == f"keras.{leaf}" and leaf in ("Layer", "InputSpec", "Input") and surface.exists(better):
            new = better
    if strength == "w":
        return (
            None,
            ADVISE,
            f"No public place any more. `{new}` has the same name: check that it means the same.",
        )
    if new.startswith("tensorflow."):
        return new, TF, _LEGACY_IMAGE
    return new, SAFE, ""


def answer(path, kind, candidates, strength):
    leaf = path.rpartition(".")[2]
    parent = path.rpartition(".")[0]
    if path in HAND:
        return HAND[path]
    if kind == "m" or path in MODULES:
        found = module_answer(path)
        if found:
            return found[1:]
    if leaf in LEAVES and not parent.startswith("keras.backend"):
        return LEAVES[leaf]
    if parent in STRONG_MODULES and surface.exists(f"{STRONG_MODULES[parent]}.{leaf}"):
        return f"{STRONG_MODULES[parent]}.{leaf}", SAFE, ""
    found = module_answer(parent)
    if strength in ("n", "m", "s", "t"):
        new, how, note = candidate_answer(path, candidates, strength)
        if how == SAFE and found and found[2] == REVIEW and "optimizer" in found[0]:
            how, note = REVIEW, found[3]  # the move is right, but the class behaves in another way
        return new, how, note
    if found and found[1] and found[1] != parent and surface.exists(f"{found[1]}.{leaf}"):
        return f"{found[1]}.{leaf}", found[2], found[3]
    if strength == "w":
        return candidate_answer(path, candidates, strength)
    if found and found[1] is None:
        return None, ADVISE, found[3]
    if found and found[3] == NOTES["saving_internals"]:
        return None, ADVISE, NOTES["saving_internals"]
    return None, ADVISE, NOTES["internal"]


def rows_of(facts):
    for path, row in facts["public"].items():
        yield path, row["k"], row.get("c", []), row["q"]
    for path, (_, kind, candidates, strength) in facts["deep"].items():
        yield path, kind, candidates, strength
    for path, (_, candidates, strength) in facts["reexport"].items():
        yield path, "f", candidates, strength


def build(facts):
    from keras_upgrade.knowledge.backend import ROWS  # noqa: PLC0415

    answers = {}
    inputs = list(rows_of(facts))
    known = {path for path, *_ in inputs}
    inputs += [(path, "f", [], "-") for path in HAND if path not in known]
    inputs += [(path, "m", [], "-") for path in MODULES if path not in known and path not in HAND]
    backends = tuple(m for m in MODULES if m.startswith("keras.backend."))
    by_backend_table = []
    for path, kind, candidates, strength in sorted(inputs):
        folded = path.removeprefix("tensorflow.")
        parent, _, leaf = folded.rpartition(".")
        if parent in ("keras.backend", *backends) and leaf in ROWS and kind != "m":
            by_backend_table.append(folded)
            continue
        if surface.exists(folded) and path not in known:
            continue  # a prefix of MODULES that Keras 3 has too
        found = answer(folded, kind, candidates, strength)
        if found[0] == folded:  # `tf.keras.losses.mean_squared_error`: there, under `keras`
            answers.setdefault(folded, (folded, SAFE, ""))
            continue
        previous = answers.get(folded)
        if previous and previous != found and path.startswith("keras."):
            print("differs", path, previous, found, file=sys.stderr)
        answers[folded] = found
    return answers, sorted(set(by_backend_table))


def main():
    facts = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    answers, by_backend_table = build(facts)
    notes = sorted({note for _, _, note in answers.values()})
    number = {note: index for index, note in enumerate(notes)}
    moved, gone = {}, {}
    # A module that a module of Keras had imported, under its short name.
    internal = next(
        note for path, (_, _, note) in answers.items() if path.endswith("tensorflow_backend.py_slice")
    )
    answers |= {
        f"keras.backend.tensorflow_backend.{name}": (None, "advise", internal) for name in ("np", "tf")
    }
    for path, (new, how, note) in sorted(answers.items()):
        if new:
            moved[path] = [new, how, number[note]]
        else:
            parent, _, leaf = path.rpartition(".")
            gone.setdefault(str(number[note]), {}).setdefault(parent, []).append(leaf)
    backend = {}
    for path in by_backend_table:
        parent, _, leaf = path.rpartition(".")
        backend.setdefault(parent, []).append(leaf)
    value = {
        "notes": notes,
        "moved": moved,
        "gone": {key: {m: " ".join(names) for m, names in group.items()} for key, group in gone.items()},
        "backend": {m: " ".join(names) for m, names in backend.items()},
        "count": len({path.removeprefix("tensorflow.") for path, *_ in rows_of(facts)}),
    }
    text = json.dumps(value, indent=0, sort_keys=True, separators=(",", ":")) + "\n"
    (DATA / "moved.json").write_bytes(text.encode())
    print({key: len(value[key]) for key in value if key != "count"}, value["count"])


if __name__ == "__main__":
    main()
