"""What the schema says about a place in a tree: its type, its keys, the table that an id refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.scenario.schema.fields import Ref, Shorthand
from sim.scenario.tree import Tree

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Shape:
    """The type at a place of the schema, without its wrappers."""

    type: Any
    metadata: tuple[Any, ...] = field(default=())

    @property
    def model(self) -> type[BaseModel] | None:
        """The record that belongs here, if one does."""
        if isinstance(self.type, type) and issubclass(self.type, BaseModel):
            return self.type
        return None

    @property
    def ref(self) -> Ref | None:
        """The table that the id here must name an entry of."""
        return next((item for item in self.metadata if isinstance(item, Ref)), None)

    def expand(self, tree: Tree) -> Tree:
        """Write out a short form, as validation does."""
        for item in self.metadata:
            if isinstance(item, Shorthand):
                tree = _expanded(tree, item)
        return tree

    def child(self, key: str | int) -> Shape | None:
        """The shape under a key or an index."""
        if self.model is not None:
            info = self.model.model_fields.get(str(key))
            return None if info is None else shape_of(info.annotation, *info.metadata)
        if get_origin(self.type) in (dict, tuple):
            arguments = get_args(self.type)
            return shape_of(arguments[1 if get_origin(self.type) is dict else 0])
        return None

    def key_shape(self) -> Shape | None:
        """The shape of the keys of a table."""
        return shape_of(get_args(self.type)[0]) if get_origin(self.type) is dict else None


def shape_of(annotation: Any, *metadata: Any) -> Shape:
    """Unwrap ``Annotated`` and ``| None``."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return shape_of(inner, *more, *metadata)
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not NoneType]
        if len(members) == 1:
            return shape_of(members[0], *metadata)
    return Shape(annotation, metadata)


@lru_cache(maxsize=4096)
def shape_at(model: type[BaseModel], path: Path) -> Shape | None:
    """The shape at a path of a model, or None where the schema knows nothing."""
    shape: Shape | None = Shape(model)
    for key in path:
        shape = None if shape is None else shape.child(key)
    return shape


def references(shape: Shape, tree: Tree, path: Path = ()) -> Iterator[tuple[Path, Tree, Ref]]:
    """Go through all ids of a tree that must name an entry of a table."""
    tree = shape.expand(tree)
    if shape.ref is not None and isinstance(tree.value, str):
        yield path, tree, shape.ref
    keys = shape.key_shape() if isinstance(tree.value, dict) else None
    for key, child in tree.items():
        if keys is not None and keys.ref is not None:
            name = Tree(str(key), child.key_origin, child.key_origin)
            yield (*path, key), name, keys.ref
        below = shape.child(key)
        if below is not None:
            yield from references(below, child, (*path, key))


def find(tree: Tree, path: Path) -> tuple[Path, Tree]:
    """Follow a path as far as the tree goes; short forms and missing keys end it early."""
    reached: list[str | int] = []
    for key in path:
        below = tree.child(key)
        if below is None:
            break
        tree = below
        reached.append(key)
    return tuple(reached), tree


def dotted(path: Path) -> str:
    """Write a path as a user would; the place in a list is left to the line that is shown."""
    return ".".join(str(key) for key in path if not isinstance(key, int))


def _expanded(tree: Tree, short: Shorthand) -> Tree:
    plain = tree.plain()
    full = short.expand(plain)
    if full is plain:
        return tree
    if isinstance(full, dict):
        return tree.with_value(dict.fromkeys(full, tree))
    return tree.with_value([tree])
