"""The package as users get it: the wheel, the hooks of pre-commit, the GitHub Action."""
