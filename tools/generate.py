"""Write the format's C header, Python modules and documentation tables from `firmware/engine/format.toml`.

python tools/generate.py           write
python tools/generate.py --check   exit 1 and name the stale files
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "firmware/engine/format.toml"
NOTICE = "Generated from firmware/engine/format.toml by tools/generate.py; do not edit."

C_TYPES = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "i8": "int8_t", "i16": "int16_t", "i32": "int32_t"}
C_TYPES["f32"] = "uint32_t"  # the engine never computes with it, so it stays bits
STRUCT_CODES = {"u8": "B", "u16": "H", "u32": "I", "i8": "b", "i16": "h", "i32": "i", "f32": "f"}
SIZES = {"u8": 1, "u16": 2, "u32": 4, "i8": 1, "i16": 2, "i32": 4, "f32": 4}


class Field:
    """One field of a record, parsed from "type name: meaning"."""

    def __init__(self, text: str):
        match = re.fullmatch(r"(\w+?)(?:\[(\d+)\])? (\w+): (.+)", text)
        if match is None:
            raise SystemExit(f"{SPEC}: cannot read the field {text!r}")
        self.type, self.name, self.meaning = match[1], match[3], match[4]
        self.count = int(match[2] or 1)
        self.size = SIZES[self.type] * self.count


def load() -> dict:
    spec = tomllib.loads(SPEC.read_text())
    for record in [*spec["records"].values(), *spec["operators"].values()]:
        source = spec["operators"][record["same_fields_as"]] if "same_fields_as" in record else record
        record["parsed"] = [f if isinstance(f, Field) else Field(f) for f in source["fields"]]
        check_alignment(record["parsed"])
    return spec


def check_alignment(fields: list[Field]) -> None:
    offset = 0
    for field in fields:
        if offset % SIZES[field.type]:
            raise SystemExit(f"{SPEC}: field {field.name} is not aligned")
        offset += field.size


def c_struct(name: str, fields: list[Field], doc: str) -> str:
    lines = [f"/* {doc} */", "typedef struct {"]
    for f in fields:
        array = f"[{f.count}]" if f.count > 1 else ""
        lines.append(f"    {C_TYPES[f.type]} {f.name}{array}; /* {f.meaning} */")
    return "\n".join([*lines, f"}} smg_{name};"]) + "\n"


def c_enum(prefix: str, values: dict[str, int], notes: dict[str, str] | None = None) -> str:
    notes = notes or {}
    body = "".join(
        f"    SMG_{prefix}_{k} = {v},{f' /* {notes[k]} */' if k in notes else ''}\n" for k, v in values.items()
    )
    return f"enum {{\n{body}}};\n"


def c_header(spec: dict) -> str:
    errors = {k: v[0] for k, v in spec["errors"].items()}
    parts = [
        f"/* {NOTICE} */\n#ifndef SMG_FORMAT_H\n#define SMG_FORMAT_H\n\n#include <stdint.h>\n",
        f"enum {{ SMG_MAJOR = {spec['version']['major']}, SMG_MINOR = {spec['version']['minor']} }};\n",
        c_enum("E", errors, {k: v[1] for k, v in spec["errors"].items()}),
        c_enum("TYPE", {k: v[0] for k, v in spec["types"].items()}),
        c_enum("PLACE", spec["places"]),
        c_enum("LAYOUT", spec["layouts"]),
        c_enum("TARGET", spec["targets"]),
        c_enum("SECTION", spec["sections"]),
        c_enum("OP", {k: v["code"] for k, v in spec["operators"].items()}),
    ]
    parts += [c_struct(name, r["parsed"], r["doc"]) for name, r in spec["records"].items()]
    for name, op in spec["operators"].items():
        if op["parsed"] and "same_fields_as" not in op:
            parts.append(c_struct(f"{name.lower()}_params", op["parsed"], f"{name}: {op['operands']}. {op['doc']}"))
        elif op["parsed"]:
            parts.append(
                f"/* {op['doc']} */\ntypedef smg_{op['same_fields_as'].lower()}_params smg_{name.lower()}_params;\n"
            )
    return "\n".join(parts) + "\n#endif\n"


def struct_format(fields: list[Field]) -> str:
    return "<" + "".join((str(f.count) if f.count > 1 else "") + STRUCT_CODES[f.type] for f in fields)


def py_table(name: str, values: dict) -> str:
    return f"{name} = {{\n" + "".join(f"    {k!r}: {v!r},\n" for k, v in values.items()) + "}\n"


HOST_MODULE = '''"""The .smg format as constants, struct formats and exceptions. {notice}"""

from __future__ import annotations

from smidgen.errors import SmidgenError

# fmt: off
{constants}# fmt: on


class ModelError(SmidgenError):
    """A .smg that the engine refuses. `code` is the engine's negative number, the message says what to do."""

    code = 0
{errors}

ERRORS: dict[int, type[ModelError]] = {{
{by_code}}}


def error_for(code: int, source: str = "") -> ModelError:
    """The exception for an engine's negative return value; `source` names the file."""
    kind = ERRORS.get(code, ModelError)
    text = kind.__doc__ or f"engine error {{code}}"
    return kind(f"{{source}}: {{text}}" if source else text)
'''


def host_module(spec: dict) -> str:
    records = {k: (struct_format(r["parsed"]), [f.name for f in r["parsed"]]) for k, r in spec["records"].items()}
    params = {k: (struct_format(o["parsed"]), [f.name for f in o["parsed"]]) for k, o in spec["operators"].items()}
    errors = "".join(
        f'\n\nclass {error_class(k)}(ModelError):\n    """{v[1]}"""\n\n    code = {v[0]}\n'
        for k, v in spec["errors"].items()
    )
    tables = [
        py_table("TYPES", {k: v[0] for k, v in spec["types"].items()}),
        py_table("TYPE_BYTES", {k: v[1] for k, v in spec["types"].items()}),
        *(py_table(name.upper(), spec[name]) for name in ("places", "layouts", "targets", "sections")),
        py_table("OPERATORS", {k: v["code"] for k, v in spec["operators"].items()}),
        "# Record name -> (struct format, field names).\n" + py_table("RECORDS", records),
        "# Operator name -> (struct format of its parameters, field names).\n" + py_table("PARAMS", params),
    ]
    by_code = "".join(f"    {v[0]}: {error_class(k)},\n" for k, v in spec["errors"].items())
    versions = f"MAJOR, MINOR = {spec['version']['major']}, {spec['version']['minor']}"
    magic = f"MAGIC = {spec['version']['magic'].encode()!r}"
    return HOST_MODULE.format(
        notice=NOTICE, constants="\n".join([versions, magic, *tables]), errors=errors, by_code=by_code
    )


def error_class(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_")) + "Error"


def board_module(spec: dict) -> str:
    codes = "".join(f"OP_{k} = const({v['code']})\n" for k, v in spec["operators"].items())
    sections = "".join(f"SECTION_{k} = const({v})\n" for k, v in spec["sections"].items())
    types = "".join(f"{k} = const({v[0]})\n" for k, v in spec["types"].items())
    places = "".join(f"{k} = const({v})\n" for k, v in spec["places"].items() if k != "DATA")
    formats = "".join(f"{k.upper()} = {struct_format(r['parsed'])!r}\n" for k, r in spec["records"].items())
    params = "".join(
        f"{k}_PARAMS = {struct_format(o['parsed'])!r}\n" for k, o in spec["operators"].items() if o["parsed"]
    )
    errors = "".join(f'    {v[0]}: ("{error_class(k)}", "{v[1]}"),\n' for k, v in spec["errors"].items())
    return f"""# The .smg format for the board. {NOTICE}
try:
    from micropython import const
except ImportError:  # CPython

    def const(value):
        return value


# fmt: off
MAJOR = const({spec["version"]["major"]})
MINOR = const({spec["version"]["minor"]})
MAGIC = {spec["version"]["magic"].encode()!r}
TYPE_BYTES = {{{", ".join(f"{v[0]}: {v[1]}" for v in spec["types"].values())}}}
TYPE_NAMES = {{{", ".join(f'{v[0]}: "{k.lower()}"' for k, v in spec["types"].items())}}}
TARGETS = {tuple(spec["targets"].values())!r}
LAYOUT_PLAIN = const({spec["layouts"]["PLAIN"]})
{types}{places}PLACE_DATA = const({spec["places"]["DATA"]})
{sections}{codes}{formats}{params}
# Engine error code -> exception name and message, the same as on the host.
ERRORS = {{
{errors}}}
# fmt: on
"""


def doc_table(fields: list[Field]) -> str:
    rows, offset = ["| offset | type | field | meaning |", "| --- | --- | --- | --- |"], 0
    for f in fields:
        kind = f.type + (f"[{f.count}]" if f.count > 1 else "")
        rows.append(f"| {offset} | {kind} | `{f.name}` | {f.meaning.replace('|', chr(92) + '|')} |")
        offset += f.size
    return "\n".join([*rows, f"\n{offset} bytes.\n"])


def doc_values(values: dict) -> str:
    return "\n".join(["| name | value |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in values.items())]) + "\n"


def doc_tables(spec: dict) -> str:
    parts = [f"<!-- {NOTICE} -->"]
    for name, record in spec["records"].items():
        parts.append(f"### {name}\n\n{record['doc']}\n\n{doc_table(record['parsed'])}")
    for title in ("sections", "places", "layouts", "targets"):
        parts.append(f"### {title}\n\n{doc_values(spec[title])}")
    rows = "\n".join(f"| {k} | {v[0]} | {v[1] or 'half'} |" for k, v in spec["types"].items())
    parts.append(f"### types\n\n| name | value | bytes |\n| --- | --- | --- |\n{rows}\n")
    rows = "\n".join(f"| {k} | {v[0]} | {v[1]} |" for k, v in spec["errors"].items())
    parts.append(f"### errors\n\n| name | value | meaning |\n| --- | --- | --- |\n{rows}\n")
    parts.append("## Operators\n")
    for name, op in spec["operators"].items():
        fields = doc_table(op["parsed"]) if op["parsed"] else "No parameters.\n"
        entries = spec["operators"][op.get("same_fields_as", name)].get("trailer")
        trailer = f"Then {entries}.\n" if entries else ""
        parts.append(f"### {name} ({op['code']})\n\n`{op['operands']}`. {op['doc']}\n\n{fields}{trailer}")
    return "\n".join(parts)


def between_markers(path: Path, tables: str) -> str:
    text = path.read_text()
    head, _, rest = text.partition("<!-- tables -->\n")
    _, _, tail = rest.partition("<!-- end of tables -->\n")
    return f"{head}<!-- tables -->\n{tables}\n<!-- end of tables -->\n{tail}"


def mip_manifest() -> str:
    """What `mpremote mip install` brings onto a board: the package, and nothing else."""
    folder = ROOT / "firmware/lib/smidgen"
    version = re.search(r'__version__ = "(.+)"', (ROOT / "host/smidgen/__init__.py").read_text())[1]
    urls = [[f"smidgen/{path.name}", str(path.relative_to(ROOT))] for path in sorted(folder.glob("*.py"))]
    return json.dumps({"urls": urls, "deps": [], "version": version}, indent=2) + "\n"


def outputs() -> dict[Path, str]:
    spec = load()
    document = ROOT / "docs/blob-format.md"
    return {
        ROOT / "firmware/engine/smg_format.h": c_header(spec),
        ROOT / "host/smidgen/_format.py": host_module(spec),
        ROOT / "firmware/lib/smidgen/_format.py": board_module(spec),
        document: between_markers(document, doc_tables(spec)),
        ROOT / "package.json": mip_manifest(),
    }


def main(arguments: list[str]) -> int:
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run `make generate`")
        return 1 if stale else 0
    for path in stale:
        path.write_text(outputs()[path])
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
