"""What can go wrong with a directory of places; each message is one line for a person."""

from __future__ import annotations


class DirectoryError(Exception):
    """Base: the directory is as it was before."""


class BadDirectoryError(DirectoryError):
    """The file cannot be read as a directory of places."""


class SourceUnreachableError(DirectoryError):
    """The file or address does not answer, or is too large."""
