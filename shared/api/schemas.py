"""JSON Schema of what is sent, made of the types that are encoded.

msgspec makes schemas too, of what it would *decode*: there a Decimal is a text, a moment any text, and a
field with a default need not be there. What is sent has Decimals as numbers, and every field of a struct, but
for structs that leave out their defaults, and for fields that are unset.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import inspect

Schema = dict[str, Any]

_NUMBER: Schema = {"type": "number"}

_SCALARS: dict[type, Schema] = {
    inspect.AnyType: {},
    inspect.RawType: {},
    inspect.NoneType: {"type": "null"},
    inspect.BoolType: {"type": "boolean"},
    inspect.IntType: {"type": "integer"},
    inspect.FloatType: _NUMBER,
    inspect.DecimalType: _NUMBER,
    inspect.StrType: {"type": "string"},
    inspect.DateTimeType: {"type": "string", "format": "date-time"},
    inspect.DateType: {"type": "string", "format": "date"},
}

_LISTS = (
    inspect.ListType,
    inspect.VarTupleType,
    inspect.SetType,
    inspect.FrozenSetType,
    inspect.CollectionType,
)


def schema_of(kind: Any) -> Schema:
    """The schema of one type; structs are referred to by their names."""
    return _schema(inspect.type_info(kind), {})


def schemas_of(types: Sequence[Any]) -> dict[str, Schema]:
    """The schema of every struct to which these types lead, by its name."""
    found: dict[str, Schema] = {}
    for info in inspect.multi_type_info(types):
        _schema(info, found)
    return dict(sorted(found.items()))


def _schema(info: inspect.Type, found: dict[str, Schema]) -> Schema:
    """The schema of a type; structs on the way join ``found``. Raises TypeError for what is never sent."""
    if type(info) in _SCALARS:
        return dict(_SCALARS[type(info)])
    if isinstance(info, inspect.LiteralType):
        return {"type": "string", "enum": list(info.values)}
    if isinstance(info, inspect.StructType):
        return _struct(info, found)
    if isinstance(info, inspect.UnionType):
        return _union([_schema(one, found) for one in info.types])
    if isinstance(info, _LISTS):
        return {"type": "array", "items": _schema(info.item_type, found)}
    if isinstance(info, inspect.DictType):
        names = _schema(info.key_type, found)
        open_ended = {"type": "object", "additionalProperties": _schema(info.value_type, found)}
        return open_ended if names == {"type": "string"} else open_ended | {"propertyNames": names}
    raise TypeError(f"{info} is nothing that this app sends")


def _struct(info: inspect.StructType, found: dict[str, Schema]) -> Schema:
    kind = info.cls
    if kind.__name__ not in found:
        found[kind.__name__] = {}  # a struct may lead to itself
        leaves_out = kind.__struct_config__.omit_defaults
        found[kind.__name__] = {
            "type": "object",
            "description": cleandoc(kind.__doc__ or "").replace("``", "`"),
            "properties": {field.encode_name: _schema(field.type, found) for field in info.fields},
            "required": [
                field.encode_name
                for field in info.fields
                if field.required or not (leaves_out or _may_be_unset(field))
            ],
        }
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _may_be_unset(field: inspect.Field) -> bool:
    """Not required, and without a default that msgspec would tell: that is what UNSET looks like there."""
    return field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT


def _union(choices: list[Schema]) -> Schema:
    """A choice of types in one list where they say no more than that; a whole number is a number."""
    if _NUMBER in choices:
        choices = [one for one in choices if one != {"type": "integer"}]
    if len(choices) == 1:
        return choices[0]
    plain = [one for one in choices if one.keys() <= {"type", "format"} and "type" in one]
    if len(plain) < len(choices):
        return {"anyOf": choices}
    said = {name: text for one in plain for name, text in one.items()}
    return said | {"type": [one["type"] for one in plain]}
