"""Forms and views to render in tests: one question of each type, and tables of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from definitions.fieldtypes import REGISTRY
from definitions.model import Field, LicenseType, Provenance
from definitions.plan.model import PlanSection, Question
from runtime.engine.form import FormState
from runtime.web.render import FormPieces

OPTIONS = {
    "dine_in": {"zh-CN": "堂食", "en": "Dining in"},
    "takeaway": {"zh-CN": "外卖", "en": "Takeaway"},
}
LICENSES = {
    "business_license": LicenseType(
        "business_license", {"zh-CN": "营业执照", "en": "Business licence"}, "", {}, {}
    )
}
VERIFIED = Provenance("authority", license_type="business_license", issued_on="2024-03-18")


def question(id: str, type_: str, **settings: Any) -> Question:
    """A question of a type with that type's title."""
    field = Field(id, type_, REGISTRY[type_].title, {})
    if type_ in ("choice", "multi_choice"):
        field = replace(field, options=OPTIONS)
    columns = settings.pop("columns", {})
    calculated = settings.pop("calculated", type_ == "computed")
    return Question(id, replace(field, **settings), columns=columns, calculated=calculated)


def state_of(questions: Mapping[str, Question], values: dict[str, Any]) -> FormState:
    """Everything shown and required."""
    state = FormState(
        active=(),
        shown=dict.fromkeys(questions),
        asked=dict.fromkeys(questions),
        required=set(questions),
        values=values,
    )
    for id, table in questions.items():
        rows = [row["$row"] for row in values.get(id, ())] if table.columns else []
        state.columns[id] = dict.fromkeys(rows, tuple(table.columns))
        state.required |= {f"{id}/{row}/{column}" for row in rows for column in table.columns}
    return state


def pieces_of(questions: Mapping[str, Question], lang: str = "zh-CN") -> FormPieces:
    """The form with one section, `all`."""
    section = PlanSection("all", {"zh-CN": "全部", "en": "All"}, tuple(questions))
    return FormPieces(questions, (section,), LICENSES, lang)
