"""A rule as words: "经营面积 大于 100 并且 现场制售 为 是"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from definitions.model import Text
from definitions.rules.compiler import BadRule, split
from definitions.rules.registry import OPERATORS, Operator, words

Titles = Mapping[str, str]
Options = Mapping[str, Mapping[str, str]]

_CONSTANTS: Mapping[bool, Text] = {True: words("是", "yes"), False: words("否", "no")}
_NOTHING = words("空", "nothing")
_PLACE = re.compile(r"\{([0-9])\}")
_DEEPEST = 20


def sentence(
    expression: Any, titles: Titles, lang: str, options: Options | None = None, _depth: int = 0
) -> str:
    """A rule in words of a language.

    `titles` calls each name that the rule reads; `options` the codes that each may have. A name
    without a title stands as it is. What isn't a rule comes back as it is written.
    """
    if _depth > _DEEPEST:
        return "…"
    if isinstance(expression, Mapping):
        return _Clause(titles, lang, options or {}, _depth).of(expression)
    if isinstance(expression, list | tuple):
        between = ", " if lang == "en" else "、"
        parts = (sentence(part, titles, lang, options, _depth + 1) for part in expression)
        return between.join(parts)
    return _constant(expression, lang)


def _constant(value: Any, lang: str) -> str:
    if value is None:
        return _NOTHING[lang]
    return _CONSTANTS[value][lang] if isinstance(value, bool) else str(value)


class _Clause:
    """Writes one operator with its arguments."""

    def __init__(self, titles: Titles, lang: str, options: Options, depth: int) -> None:
        self.titles = titles
        self.lang = lang
        self.options = options
        self.depth = depth

    def of(self, expression: Mapping[str, Any]) -> str:
        """The sentence of an expression; what is no rule stands as it was written."""
        try:
            name, arguments = split(expression)
        except BadRule:
            return str(dict(expression))
        operator = OPERATORS.get(name)
        if operator is None:
            return str(dict(expression))
        if name == "var":
            return self.titles.get(str(arguments[0]), str(arguments[0]))
        if name == "if" and len(arguments) > 3:
            arguments = [*arguments[:2], {"if": arguments[2:]}]
        return self._filled(operator, self._parts(arguments))

    def _parts(self, arguments: Sequence[Any]) -> list[str]:
        """Each argument in words; codes by their titles, if a variable beside them has some."""
        known: dict[str, str] = {}
        for argument in arguments:
            known |= self.options.get(_variable(argument), {})
        return [self._part(argument, known) for argument in arguments]

    def _part(self, argument: Any, known: Mapping[str, str]) -> str:
        if isinstance(argument, str):
            return known.get(argument, argument)
        if isinstance(argument, list):
            argument = [
                known.get(code, code) if isinstance(code, str) else code for code in argument
            ]
        return sentence(argument, self.titles, self.lang, self.options, self.depth + 1)

    def _filled(self, operator: Operator, parts: list[str]) -> str:
        phrase = operator.phrase[self.lang]
        if operator.joiner is not None:
            return phrase.replace("{all}", operator.joiner[self.lang].join(parts))
        if operator.longer is not None and len(parts) > len(_PLACE.findall(phrase)):
            phrase = operator.longer[self.lang]
        return _PLACE.sub(lambda place: _at(parts, int(place[1])), phrase)


def _variable(argument: Any) -> str:
    return str(argument.get("var", "")) if isinstance(argument, Mapping) else ""


def _at(parts: Sequence[str], index: int) -> str:
    return parts[index] if index < len(parts) else "…"
