"""Symbolic computation as functions on real tensors: what KU306 and KU307 make of `K.function` and `K.gradients`.

`objects` follows a function object to its calls; `models` writes it as a `keras.Model`, `gradients` as a `def` under a tape,
for which `slices` finds the statements that move, `modes` says what each name is, `tensors` puts real tensors in place, and
`updates` writes the steps of optimizers. `runs` does the same for what a session runs.
"""
