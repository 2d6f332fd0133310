"""What rules on losses and metrics share: models with losses of their own, the terms of a loss, what is done with labels."""
