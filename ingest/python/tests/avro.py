"""Avro's parsing canonical form and its fingerprint, written from the specification."""

import json
from pathlib import Path

AVRO = Path(__file__).resolve().parents[3] / "schemas" / "src" / "main" / "avro"
_ORDER = ("name", "type", "fields", "symbols", "items", "values", "size")


def canonical(schema, namespace=""):
    """The text from which the fingerprint is computed."""
    if isinstance(schema, str):
        known = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
        return json.dumps(schema if schema in known or "." in schema else f"{namespace}.{schema}")
    if isinstance(schema, list):
        return "[" + ",".join(canonical(s, namespace) for s in schema) + "]"
    if isinstance(schema["type"], str) and len(_kept(schema)) == 1:
        return canonical(schema["type"], namespace)
    namespace = schema.get("namespace", namespace)
    parts = []
    for key in _ORDER:
        if key not in schema:
            continue
        value = schema[key]
        if key == "name":
            text = json.dumps(value if "." in value else f"{namespace}.{value}")
        elif key == "fields":
            text = "[" + ",".join(_field(f, namespace) for f in value) + "]"
        elif key in ("symbols", "size") or (key == "type" and "name" in schema):
            text = json.dumps(value, separators=(",", ":"))
        elif key == "type":
            text = json.dumps(value)
        else:
            text = canonical(value, namespace)
        parts.append(f'"{key}":{text}')
    return "{" + ",".join(parts) + "}"


def _field(field, namespace):
    return f'{{"name":{json.dumps(field["name"])},"type":{canonical(field["type"], namespace)}}}'


def _kept(schema):
    return [key for key in _ORDER if key in schema]


def fingerprint(text):
    """CRC-64-AVRO of a text."""
    empty = 0xC15D213AA4D7A795
    table = []
    for i in range(256):
        value = i
        for _ in range(8):
            value = (value >> 1) ^ (empty if value & 1 else 0)
        table.append(value)
    crc = empty
    for byte in text.encode():
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc
