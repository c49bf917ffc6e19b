"""A definition as the YAML files that it is loaded from: reading them gives the same definition again."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from scorecard.definition import Definition, freeze

RENAMED = {"logical_op": "logicalOp", "is_required": "required", "shared_areas": "areas"}
WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Writes every value where it stands: files have no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _represent_decimal)


def yaml_files(definition: Definition, name: str = "") -> dict[str, str]:
    """File name -> content: `key.yaml`, and `key.de.yaml` for each translation."""
    stem = name or definition.key
    files = {f"{stem}.yaml": _yaml(authors_document(definition))}
    for translation in definition.translations:
        files[f"{stem}.{translation.language}.yaml"] = _yaml(translation.texts)
    return files


def write_files(definition: Definition, folder: Path) -> list[Path]:
    """Write the files of a definition; returns them, the questionnaire's own first."""
    written = []
    for name, content in yaml_files(definition).items():
        written.append(folder / name)
        written[-1].write_text(content, encoding="utf-8")
    return written


def authors_document(definition: Definition) -> dict[str, Any]:
    """The definition under the names that authors use, without what is the default."""
    frozen = freeze(definition)
    frozen.pop("translations", None)
    found: dict[str, Any] = _renamed(frozen)
    found["estimated_time"] = definition.estimated_time or None
    for area in (*found["sections"], *found.get("areas", ())):
        area["weight"] = Decimal(area["weight"])
        area["recommendations"] = _by_level(area["recommendations"])
    for area in found.get("areas", ()):
        del area["questions"]
    return found


def _by_level(recommendations: list[dict[str, Any]]) -> dict[str, Any]:
    left_out = ("section", "level")
    return {
        each["level"]: {name: value for name, value in each.items() if name not in left_out}
        for each in recommendations
    }


def _renamed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {RENAMED.get(key, key): _renamed(item) for key, item in value.items()}
    return [_renamed(item) for item in value] if isinstance(value, list) else value


def _yaml(value: object) -> str:
    dump: Callable[..., str] = yaml.dump
    return dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
