"""The catalogue of all that people read, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class Words:
    """One language's catalogue; `words("group.key", name=value)` fills in the values."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._entries = load_catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the entry of *key*; a key that the catalogue lacks is a `KeyError`."""
        entry = self._entries[key]
        return entry.format(**values) if values else entry

    def term(self, group: str, term: str) -> str:
        """Return the word for a *term* of an open list; one without an entry stands for itself."""
        return self._entries.get(f"{group}.{term}", term)

    def find(self, key: str) -> str | None:
        """Return the entry of *key*, or None where this language has none."""
        return self._entries.get(key)

    def keys(self, start: str) -> list[str]:
        """List the keys that begin with *start*, in the order of the catalogue."""
        return [key for key in self._entries if key.startswith(start)]


@cache
def load_catalogue(language: Language) -> Mapping[str, str]:
    """Read a language's catalogue as dotted keys and their texts."""
    import tomllib  # noqa: PLC0415 - choosing a language needs no catalogue

    return {
        f"{group}.{key}": entry
        for group, entries in tomllib.loads(read_data(f"words/{language}.toml")).items()
        for key, entry in entries.items()
    }


def read_data(name: str) -> str:
    """Read a file that ships with the package, such as `examples/family.json`."""
    # importlib.resources would cost 10 ms; numpy does not run from an archive, so this need not
    return (Path(__file__).parent.parent / "data" / name).read_text(encoding="utf-8")


def choose_language(asked: str | None, environment: Mapping[str, str]) -> Language:
    """Return the language *asked* for, else the first that the environment names.

    The order is that of gettext: LANGUAGE, LC_ALL, LC_MESSAGES, LANG; anything but Chinese is
    English.

    >>> choose_language(None, {"LANG": "zh_CN.UTF-8"})
    'zh'
    """
    named = asked or next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"
