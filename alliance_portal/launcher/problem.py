"""The one exception that the launcher shows to people."""


class LauncherProblem(Exception):
    """Something a person can mend; its text is one plain sentence that says how."""
