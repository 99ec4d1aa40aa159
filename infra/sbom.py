"""`make sbom`: what ships, package by package, as a CycloneDX document.

    python -m infra.sbom  ->  out/sbom.json

The list is requirements.txt, which pins every package that ships, not only those that we name in
the code: a test holds it against what the packages say they need.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)$")


def pins(root: Path = ROOT) -> dict[str, str]:
    """Name (normal form) -> version, as requirements.txt pins it. Raises ValueError on a loose line."""
    found = {}
    for line in (root / "requirements.txt").read_text().splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        if not (pin := PIN.match(text)):
            raise ValueError(f"requirements.txt: {text} is not pinned")
        found[normal(pin[1])] = pin[2]
    return found


def normal(name: str) -> str:
    """A package's name as PyPI compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed() -> set[str]:
    """Every package that those of requirements.txt need on Lambda, themselves included."""
    from packaging.requirements import Requirement

    extras = {"pyjwt": {"crypto"}}
    found: set[str] = set()
    left = list(pins())
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        for text in metadata.requires(name) or []:
            wanted = Requirement(text)
            wants = extras.get(name, set()) | {""}
            if wanted.marker is None or any(wanted.marker.evaluate({"extra": e}) for e in wants):
                left.append(normal(wanted.name))
    return found


def document() -> str:
    """The CycloneDX document of what ships, as JSON."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    main = Component(name="iecmhc-network", type=ComponentType.APPLICATION, version="1.0.0")
    bom = Bom()
    bom.metadata.component = main
    parts = []
    for name, version in sorted(pins().items()):
        address = PackageURL("pypi", name=name, version=version)
        part = Component(
            name=name,
            version=version,
            purl=address,
            type=ComponentType.LIBRARY,
            bom_ref=str(address),
        )
        bom.components.add(part)
        parts.append(part)
    bom.register_dependency(main, parts)
    return str(JsonV1Dot6(bom).output_as_string(indent=1)) + "\n"


def main() -> int:
    """Write out/sbom.json."""
    target = ROOT / "out" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(document())
    print(f"{target.relative_to(ROOT)}: {len(pins())} packages ship")
    return 0


if __name__ == "__main__":
    sys.exit(main())
