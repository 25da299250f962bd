# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Holds answers against proctor-server/api/openapi.yaml: the part of JSON Schema that the file uses, nothing else."""

import re

import yaml
from invigil_client import ROOT

_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
_KNOWN = {"type", "properties", "required", "additionalProperties", "items", "maxItems", "minItems", "enum", "oneOf",
          "$ref", "maxLength", "minLength", "minimum", "maximum", "format", "description", "pattern"}


class Contract:
    def __init__(self, path=ROOT / "proctor-server" / "api" / "openapi.yaml"):
        self.document = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.operations = []  # (VERB, pattern of the path, operationId, operation)
        for path_text, verbs in self.document["paths"].items():
            pattern = re.compile("^" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path_text)) + "$")
            for verb, operation in verbs.items():
                if operation.get("x-planned"):
                    continue
                self.operations.append((verb.upper(), pattern, operation["operationId"], operation))

    def operation(self, method, path):
        path = path.partition("?")[0]
        for verb, pattern, name, operation in self.operations:
            if verb == method and pattern.match(path):
                return name, operation
        return None, None

    def check_reply(self, method, path, status, content_type, value):
        """What is wrong with an answer: a list, empty when it keeps the contract."""
        name, operation = self.operation(method, path)
        if operation is None:
            if status in (400, 404, 405):
                return self.check({"$ref": "#/components/schemas/Error"}, value)
            return [f"{method} {path} is not in openapi.yaml"]
        content = operation["responses"].get(str(status), operation["responses"]["default"])["content"]
        kind = content_type.partition(";")[0].strip()
        if kind not in content:
            return [f"{name}: answered {kind!r}, the contract says {' or '.join(content)}"]
        if kind != "application/json":
            return []
        return [f"{name} {status}: {problem}" for problem in self.check(content[kind]["schema"], value)]

    def check(self, schema, value, where="$"):
        unknown = set(schema) - _KNOWN
        if unknown:
            return [f"{where}: this checker does not know {', '.join(sorted(unknown))}"]
        if "$ref" in schema:
            target = self.document
            for step in schema["$ref"].lstrip("#/").split("/"):
                target = target[step]
            return self.check(target, value, where)
        if "oneOf" in schema:
            tries = [self.check(one, value, where) for one in schema["oneOf"]]
            if sum(not problems for problems in tries) == 1:
                return []
            return [f"{where}: fits {sum(not p for p in tries)} of {len(tries)} ways"] + tries[0]
        problems = self._check_kind(schema, value, where)
        if problems:
            return problems
        if "enum" in schema and value not in schema["enum"]:
            problems.append(f"{where}: {value!r} is none of {schema['enum']}")
        if isinstance(value, str):
            if len(value) > schema.get("maxLength", len(value)):
                problems.append(f"{where}: longer than {schema['maxLength']}")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            if value < schema.get("minimum", value) or value > schema.get("maximum", value):
                problems.append(f"{where}: {value} is out of range")
        elif isinstance(value, list):
            if len(value) > schema.get("maxItems", len(value)):
                problems.append(f"{where}: more than {schema['maxItems']} items")
            for index, one in enumerate(value):
                problems += self.check(schema.get("items", {}), one, f"{where}[{index}]")
        elif isinstance(value, dict):
            problems += self._check_members(schema, value, where)
        return problems

    @staticmethod
    def _check_kind(schema, value, where):
        kind = schema.get("type")
        if kind is None:
            return []
        if kind == "integer":
            fits = isinstance(value, int) and not isinstance(value, bool)
        elif kind == "number":
            fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        else:
            fits = isinstance(value, _TYPES[kind])
        return [] if fits else [f"{where}: {type(value).__name__} instead of {kind}"]

    def _check_members(self, schema, value, where):
        properties = schema.get("properties", {})
        problems = [f"{where}: lacks {name}" for name in schema.get("required", []) if name not in value]
        for name, one in value.items():
            if name in properties:
                problems += self.check(properties[name], one, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                problems.append(f"{where}: has {name}, which the contract does not name")
        return problems
