"""A list of every package that Casework runs with, as CycloneDX JSON: version, hashes, licence, and who needs whom.

Names, versions and hashes are those of the lock, requirements.txt. Licences, and which package needs which, come from
what is installed. Reaches no network.

    script/sbom              prints it
    script/sbom FILE         writes it
"""

import sys
import tomllib
from importlib import metadata
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pip_requirements_parser import RequirementsFile

ROOT = Path(__file__).parents[1]
_LONGEST_NAME = 60  # some packages put the whole text of their licence where its name belongs


def sbom(lock: Path = ROOT / "requirements.txt", project: Path = ROOT / "pyproject.toml") -> str:
    """The list as JSON. Raises ValueError when the lock cannot be read or the list is no CycloneDX."""
    about = tomllib.loads(project.read_text())["project"]
    locked = {component.name: component for component in map(_component, _lines(lock))}
    bom = Bom(components=locked.values())
    bom.metadata.component = Component(
        name=about["name"],
        version=about["version"],
        type=ComponentType.APPLICATION,
        bom_ref=about["name"],
        licenses=[LicenseExpression(about["license"])],
    )
    needed = {about["name"]: [*about["dependencies"], *about["optional-dependencies"]["setup"]]}
    edges = _edges(needed, set(locked))
    for component in (bom.metadata.component, *locked.values()):
        wanted = edges.get(component.name, set())
        bom.register_dependency(component, [locked[name] for name in sorted(wanted)])
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if (wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        raise ValueError(f"The list is no CycloneDX: {wrong}")
    return text + "\n"


def _lines(lock: Path) -> list:
    read = RequirementsFile.from_file(str(lock))
    if read.invalid_lines:
        raise ValueError(f"{lock.name} holds a line that is no package: {read.invalid_lines[0].line}")
    return read.requirements


def _component(line) -> Component:
    """One locked package, with the hash of every file of it that may be installed."""
    name, version = canonicalize_name(line.name), line.get_pinned_version
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=one.split(":")[1]) for one in line.hash_options]
    if not version or not hashes:
        raise ValueError(f"{name} is not locked to one version with its hashes")
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=name,
        purl=PackageURL("pypi", name=name, version=version),
        hashes=hashes,
        licenses=_licences(name, version),
    )


def _installed(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def _licences(name: str, version: str) -> list:
    """What the package says of its licence; nothing when it says nothing, or another version is installed."""
    found = _installed(name)
    if found is None or found.version != version:
        return []
    said = found.metadata
    if expression := said.get("License-Expression"):
        return [LicenseExpression(expression)]
    kinds = [
        line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if line.startswith("License")
    ]
    if (called := (said.get("License") or "").strip()) and len(called) <= _LONGEST_NAME:
        kinds = [called]
    return [DisjunctiveLicense(name=kind) for kind in kinds]


def _edges(needed: dict[str, list[str]], locked: set[str]) -> dict[str, set[str]]:
    """Which locked packages each one needs, walked from what Casework itself asks for."""
    edges: dict[str, set[str]] = {}
    done: set[tuple[str, str]] = set()
    waiting = [(by, Requirement(text)) for by, texts in needed.items() for text in texts]
    while waiting:
        by, wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in locked:
            continue
        edges.setdefault(by, set()).add(name)
        found = _installed(name)
        for extra in ("", *wanted.extras):
            if found is None or (name, extra) in done:
                continue
            done.add((name, extra))
            for text in found.requires or []:
                inner = Requirement(text)
                if inner.marker is None or inner.marker.evaluate({"extra": extra}):
                    waiting.append((name, inner))
    return edges


if __name__ == "__main__":
    made = sbom()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(made)
    else:
        sys.stdout.write(made)
