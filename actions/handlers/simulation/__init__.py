"""The aid for a project: the questions of the form, the result, who may apply, who won."""
