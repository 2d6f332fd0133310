"""How closely two recorded runs are compared."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerance:
    """Two numbers are equal if they differ by no more than `relative` of the larger, plus `absolute`."""

    relative: float
    absolute: float

    def holds(self, before: float, after: float) -> bool:
        """Whether the numbers are equal; NaN and infinities are equal to themselves."""
        if math.isnan(before) or math.isnan(after):
            return math.isnan(before) and math.isnan(after)
        if math.isinf(before) or math.isinf(after):
            return before == after
        return abs(before - after) <= self.absolute + self.relative * max(abs(before), abs(after))


ONE_STEP = Tolerance(1e-3, 1e-4)
"""For what one step, or none, from equal weights gives: only the order of float32 sums differs."""
SEVERAL_STEPS = Tolerance(2e-2, 2e-3)
"""For `fit`: rounding in the first batch moves the weights that the second one starts from."""
SHARE = Tolerance(0.0, 5e-2)
"""For accuracies of `fit`: a sample at the border falls to either side."""
PREDICTED = Tolerance(2e-3, 2e-4)
"""For predictions, the absolute part times the largest of them: convolutions are summed in blocks."""
MOVEMENT = Tolerance(0.2, 1e-9)
"""For how far an optimizer moved the weights: noise in tiny gradients counts fully with Adam and its kin."""
OUTPUT_LOSS = Tolerance(0.1, 1e-2)
"""For the losses of single outputs over several batches: Keras 3 averages them over batches, not over samples, and the
last batch may be small."""
LOOSE = Tolerance(0.2, 2e-2)
"""For losses of `fit` where an optimizer takes other steps by design, and for those behind a first batch that was
compared: from then on rounding grows with each step."""
LOOSE_SHARE = Tolerance(0.0, 0.5)
"""For accuracies there."""
INPUTS = Tolerance(1e-2, 1e-3)
"""For mean and deviation of what went in, which may come out of a model itself."""
RATE = Tolerance(1e-3, 0.0)
"""For learning rates, which are only read."""
OWN_STEPS = Tolerance(5e-2, 1e-6)
"""For gradients in a loop of the program's own, whose weights are not set equal before each step."""
