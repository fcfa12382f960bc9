"""A form for the living page: each field type empty, filled and wrong; facts; tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from definitions.fieldtypes import REGISTRY
from definitions.model import Field, LicenseType, Provenance, Text
from definitions.plan.model import Question
from runtime.engine.form import FormState
from runtime.engine.prefill import Offer, Unusable
from runtime.web.render import FileShown, FormPieces, FormView

STATES = {
    "empty": {"zh-CN": "空白", "en": "empty"},
    "filled": {"zh-CN": "已填", "en": "filled"},
    "wrong": {"zh-CN": "有错", "en": "wrong"},
}
WRONG = {"zh-CN": "请核对这一项", "en": "Check this answer"}
OPTIONS: Mapping[str, Text] = {
    "dine_in": {"zh-CN": "堂食", "en": "Dining in"},
    "takeaway": {"zh-CN": "外卖", "en": "Takeaway"},
    "catering": {"zh-CN": "集体配餐", "en": "Catering"},
}
HELP: Text = {
    "zh-CN": "前后都不用加单位，系统会换算。",
    "en": "No need to write the unit.",
}
STATEMENT: Text = {
    "zh-CN": "以上内容真实有效，如有不实，愿意承担相应的法律责任。",
    "en": "All of the above is true. I know that false statements have legal consequences.",
}
LICENSES = {
    "business_license": LicenseType(
        "business_license", {"zh-CN": "营业执照", "en": "Business licence"}, "", {}, {}
    ),
    "real_estate_certificate": LicenseType(
        "real_estate_certificate",
        {"zh-CN": "不动产权证书", "en": "Real estate certificate"},
        "",
        {},
        {},
    ),
}
VERIFIED = Provenance("authority", license_type="business_license", issued_on="2024-03-18")
DEEDS = replace(VERIFIED, license_type="real_estate_certificate", issued_on="2021-03-08")
OWN = replace(DEEDS, origin="own_document", trust="C")
FACTS: tuple[tuple[str, str, Text, Any], ...] = (
    ("name", "text", {"zh-CN": "企业名称", "en": "Name"}, "珠海老街餐饮管理有限公司"),
    (
        "code",
        "social_credit_code",
        {"zh-CN": "统一社会信用代码", "en": "Credit code"},
        "91440400192548256N",
    ),
    ("address", "address", {"zh-CN": "住所", "en": "Address"}, "珠海市香洲区凤凰南路 1088 号"),
    ("since", "date", {"zh-CN": "成立日期", "en": "Founded on"}, "2018-06-01"),
    ("area", "number", {"zh-CN": "建筑面积", "en": "Floor area"}, 128.5),
    ("phone", "phone", {"zh-CN": "联系电话", "en": "Phone"}, "0756-2288888"),
    ("rent", "money", {"zh-CN": "月租金", "en": "Monthly rent"}, None),
    ("use", "text", {"zh-CN": "房屋用途", "en": "Use of the premises"}, None),
    ("total", "computed", {"zh-CN": "总面积", "en": "Total area"}, 186.5),
)


@cache
def boxes(lang: str) -> str:
    """Every field type that takes an answer: empty, filled and wrong."""
    questions = {
        f"{type_}.{state}": _question(f"{type_}.{state}", type_, _titled(type_, state))
        for type_ in REGISTRY
        if type_ not in ("table", "computed")
        for state in (STATES if type_ != "note" else ("empty",))
    }
    filled = {id: REGISTRY[question.type].example for id, question in questions.items()}
    values = {id: value for id, value in filled.items() if not id.endswith(".empty")}
    values["choice.filled"] = values["choice.wrong"] = "takeaway"
    values["multi_choice.filled"] = ["dine_in", "takeaway"]
    wrong = [id for id in questions if id.endswith(".wrong")]
    view = FormView(
        _state(questions, values, optional={"text.empty"}),
        problems=dict.fromkeys(wrong, WRONG[lang]),
        typed={"date.wrong": "2026-13-40", "number.wrong": "一百多"},
        files={"f1": FileShown("f1", "租赁合同.pdf", "1.2 MB")},
    )
    return _form(questions, view, lang)


@cache
def facts(lang: str) -> str:
    """Known values: plain, from an own document, stale, changed, in conflict, offered, refused."""
    questions = {id: _question(id, type_, title) for id, type_, title, _ in FACTS}
    values = {id: value for id, _, _, value in FACTS if value is not None}
    sources = dict.fromkeys(("name", "code", "since"), VERIFIED) | {
        "area": replace(DEEDS, fresh_until="2026-01-01"),
        "address": VERIFIED,
        "phone": replace(VERIFIED, edited_by="me", original="0756-2266666"),
    }
    view = FormView(
        _state(questions, values),
        provenance=sources,
        conflicts={
            "address": [
                Offer("珠海市香洲区凤凰南路 1088 号", VERIFIED),
                Offer("珠海市香洲区凤凰南路 1088 号 2 栋 101", DEEDS),
            ]
        },
        offers={"rent": [Offer(850000, OWN)]},
        unusable={"use": [Unusable("商住", DEEDS, "answer.not_an_option")]},
        today="2026-11-23",
    )
    return _form(questions, view, lang)


@cache
def tables(lang: str) -> str:
    """A table with rows, some of whose cells are known or wrong, and one without rows."""
    columns = {
        "name": _question("name", "text", {"zh-CN": "姓名", "en": "Name"}),
        "id": _question("id", "person_id", {"zh-CN": "证件号码", "en": "Id number"}),
        "share": _question("share", "number", {"zh-CN": "份额", "en": "Share"}),
        "role": _question("role", "choice", {"zh-CN": "从业方式", "en": "Kind of work"}),
    }
    people = _question("people", "table", {"zh-CN": "从业人员", "en": "Staff"}, columns)
    none = _question("equipment", "table", {"zh-CN": "主要设备", "en": "Equipment"}, columns)
    rows = [
        {"$row": "r1", "name": "陈志强", "id": "11010519491231002X", "share": 60},
        {"$row": "r2", "name": "李敏"},
    ]
    questions = {"people": people, "equipment": none}
    state = _state(questions, {"people": rows})
    state.columns = {"people": dict.fromkeys(("r1", "r2"), tuple(columns))}
    state.required |= {f"people/{row}/{column}" for row in ("r1", "r2") for column in columns}
    view = FormView(
        state,
        provenance=dict.fromkeys(("people/r1/name", "people/r1/id"), VERIFIED),
        problems={"people/r2/id": WRONG[lang]},
    )
    return _form(questions, view, lang)


def _titled(type_: str, state: str) -> Text:
    colon = {"zh-CN": "：", "en": ": "}
    return {
        lang: f"{REGISTRY[type_].title[lang]}{colon[lang]}{word}"
        for lang, word in STATES[state].items()
    }


def _question(
    id: str, type_: str, title: Text, columns: Mapping[str, Question] | None = None
) -> Question:
    helped = {"number": HELP, "declaration": STATEMENT, "note": STATEMENT}
    field = Field(
        id,
        type_,
        title,
        {},
        description=helped.get(type_),
        options=OPTIONS if type_ in ("choice", "multi_choice") else {},
        unit="m2" if type_ in ("number", "computed") else None,
    )
    return Question(id, field, columns=columns or {}, calculated=type_ == "computed")


def _state(
    questions: Mapping[str, Question],
    values: dict[str, Any],
    optional: frozenset[str] | set[str] = frozenset(),
) -> FormState:
    return FormState(
        active=(),
        shown=dict.fromkeys(questions),
        asked=dict.fromkeys(questions),
        required=set(questions) - optional,
        values=values,
    )


def _form(questions: Mapping[str, Question], view: FormView, lang: str) -> str:
    """The questions without a section's heading: the living page has its own."""
    pieces = FormPieces(questions, (), LICENSES, lang)
    return "".join(pieces.question(id, view) for id in questions)
