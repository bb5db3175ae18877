"""Reads YAML: a key written twice is refused, where PyYAML keeps the last."""

from __future__ import annotations

from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader  # libyaml's: eight times faster
except ImportError:
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


class _NoDuplicates(_Loader):
    """PyYAML's safe reader, but for keys written twice."""


def _mapping(loader: _NoDuplicates, node: yaml.MappingNode) -> dict[Any, Any]:
    pairs: list[tuple[Any, Any]] = [
        (loader.construct_object(key, deep=True), loader.construct_object(value, deep=True))
        for key, value in node.value
    ]
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(problem=f"clé en double : {key}")
    return dict(pairs)


_NoDuplicates.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(text: str) -> Any:
    """Return what a YAML text holds.

    Raises:
        yaml.YAMLError: It cannot be read, or has a key twice.
    """
    return yaml.load(text, Loader=_NoDuplicates)  # noqa: S506  a SafeLoader
