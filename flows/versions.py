"""The combinations of libraries under which Prefect silently stops working, checked at start."""

from importlib.metadata import PackageNotFoundError, version

from packaging.specifiers import SpecifierSet

# Each line was measured: what happens with another version, in the words of the sentence.
_NEEDED = (
    ("prefect", "==3.8.8", "tenure relies on details of this release"),
    ("fastapi", ">=0.139,<0.151", "with another one Prefect's lists answer 422"),
    ("sqlalchemy", ">=2.0,<2.1", "with another one no schedule of Prefect ever fires"),
)


def check_versions() -> list[str]:
    """One sentence for each installed library that does not fit; empty when all is well."""
    sentences = []
    for name, wanted, reason in _NEEDED:
        try:
            found = version(name)
        except PackageNotFoundError:
            sentences.append(f"{name} is not installed; tenure needs {name}{wanted}.")
            continue
        if found not in SpecifierSet(wanted):
            sentences.append(
                f"{name} {found} is installed, but tenure needs {name}{wanted}: {reason}. "
                f"Install it with: uv pip install '{name}{wanted}'."
            )
    return sentences
