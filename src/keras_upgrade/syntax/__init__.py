"""Python text and its tree: spans of nodes, and the edits that rules make of them. Knows nothing of Keras."""
