"""What was compiled is used by the next application, and never for a template that says something else."""

from typing import Any

from jinja2 import DictLoader, Environment

from casework.web.language.compiled_once import CompiledOnce
from casework.web.reading import HouseEnvironment


def test_a_template_is_compiled_once_for_all_applications_and_again_when_it_changed():
    read: list[str] = []

    class Watched(Environment):
        def _parse(self, source: str, *more: Any) -> Any:
            read.append(source)
            return super()._parse(source, *more)

    kept = CompiledOnce()
    for source in ("One.", "One.", "Two.", "One."):
        assert (
            Watched(loader=DictLoader({"page": source}), bytecode_cache=kept).get_template("page").render()
            == source
        )
    assert read == ["One.", "Two.", "One."]


def test_pages_in_english_and_in_other_languages_are_kept_apart():
    assert HouseEnvironment.compiled is not HouseEnvironment.compiled_marked
