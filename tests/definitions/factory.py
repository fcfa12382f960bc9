"""A small world of definitions without a problem, to be changed in one place at a time."""

from __future__ import annotations

import copy
from typing import Any

from definitions.checks import check
from definitions.model import Library
from definitions.problems import Problem
from definitions.reader import read_bundle

World = dict[str, dict[str, Any]]


def text(zh: str, en: str = "English") -> dict[str, str]:
    return {"zh-CN": zh, "en": en}


PARTY: dict[str, Any] = {
    "kind": "elements",
    "id": "party",
    "title": text("主体"),
    "subject_kinds": {
        "party": {"title": text("主体")},
        "person": {
            "title": text("自然人"),
            "is_a": "party",
            "key": "party.id_number",
            "name": "party.name",
        },
        "enterprise": {
            "title": text("企业"),
            "is_a": "party",
            "key": "party.code",
            "name": "party.name",
            "identity": "business_license",
        },
        "premises": {"title": text("场所"), "key": "party.address"},
    },
    "relations": {
        "legal_representative": {
            "title": text("法定代表人"),
            "from": "enterprise",
            "to": "person",
        }
    },
    "elements": {
        "name": {
            "title": text("名称"),
            "type": "text",
            "schema": {"type": "string", "minLength": 2, "maxLength": 60},
            "examples": ["海天餐饮"],
        },
        "id_number": {
            "title": text("公民身份号码"),
            "type": "person_id",
            "schema": {"type": "string"},
            "sensitivity": "sensitive",
        },
        "code": {
            "title": text("统一社会信用代码"),
            "type": "social_credit_code",
            "schema": {"type": "string", "pattern": "^[0-9A-Z]{18}$"},
        },
        "address": {"title": text("地址"), "type": "address", "schema": {"type": "string"}},
        "area": {
            "title": text("面积"),
            "type": "number",
            "schema": {"type": "number", "exclusiveMinimum": 0},
            "unit": "m2",
            "decimals": 2,
        },
        "sort": {
            "title": text("类型"),
            "type": "choice",
            "schema": {"type": "string"},
            "options": {"small": text("小"), "large": text("大")},
        },
        "unused": {"title": text("没人用"), "type": "text", "schema": {"type": "string"}},
    },
    "materials": {"lease": {"title": text("租赁合同")}, "plan": {"title": text("平面图")}},
}

LICENSE: dict[str, Any] = {
    "kind": "license",
    "id": "business_license",
    "title": text("营业执照"),
    "issuer": "market",
    "subjects": {
        "holder": {"kind": "enterprise"},
        "legal_representative": {
            "kind": "person",
            "relation": "legal_representative",
            "of": "holder",
        },
    },
    "fresh_for": {"n": 365, "unit": "calendar"},
    "fields": {
        "name": {"$ref": "element:party.name", "about": "holder", "label": "名称"},
        "code": {"$ref": "element:party.code", "about": "holder", "label": "统一社会信用代码"},
        "sort": {
            "$ref": "element:party.sort",
            "about": "holder",
            "label": "类型",
            "values": {"小型": "small"},
        },
    },
}

ORGANISATION: dict[str, Any] = {
    "kind": "organisation",
    "id": "city",
    "title": text("市"),
    "roles": {"officer": text("经办人")},
    "units": {
        "town": {"title": text("市"), "type": "city", "division": "440400"},
        "market": {"title": text("市场监管局"), "type": "department", "parent": "town"},
    },
    "delegations": {
        "park": {"from": "market", "to": "town", "items": ["food"], "steps": ["decide"]}
    },
}

ITEM: dict[str, Any] = {
    "kind": "item",
    "id": "food",
    "title": text("食品经营许可"),
    "department": "market",
    "guide": {"code": "11440100007482575H3440118009000", "handling": "promised"},
    "subjects": {
        "applicant": {"kind": "enterprise"},
        "boss": {"kind": "person", "relation": "legal_representative", "of": "applicant"},
        "cooks": {"kind": "person", "many": True},
        "place": {"kind": "premises"},
    },
    "form": {
        "schema": {
            "type": "object",
            "properties": {
                "name": {"$ref": "element:party.name", "about": "applicant"},
                "sort": {"$ref": "element:party.sort", "about": "applicant"},
                "boss": {"$ref": "element:party.name", "about": "boss", "title": text("法人")},
                "area": {"$ref": "element:party.area", "about": "place"},
                "kitchen": {"type": "boolean", "title": text("设中央厨房")},
                "kitchen_area": {"type": "number", "unit": "m2", "title": text("厨房面积")},
                "total": {"type": "number", "title": text("合计"), "format": "computed"},
                "capital": {
                    "type": "integer",
                    "format": "money",
                    "minimum": {"yuan": "1.50"},
                    "title": text("资金"),
                },
                "cooks": {
                    "type": "array",
                    "title": text("厨师"),
                    "about": "cooks",
                    "maxItems": 5,
                    "unique_by": ["name"],
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": {"$ref": "element:party.name"},
                            "chief": {"type": "boolean", "title": text("厨师长")},
                            "since": {"type": "string", "format": "date", "title": text("起")},
                        },
                        "required": ["name"],
                        "rules": {
                            "chiefs": {
                                "when": {"==": [{"var": "chief"}, True]},
                                "show": ["since"],
                            }
                        },
                    },
                },
            },
            "required": ["name", "area"],
        },
        "sections": [{"title": text("场所"), "fields": ["area", "kitchen", "kitchen_area"]}],
        "rules": {
            "kitchen": {
                "when": {"==": [{"var": "kitchen"}, True]},
                "show": ["kitchen_area"],
                "require": ["kitchen_area"],
            },
            "sum": {
                "set": "total",
                "to": {"+": [{"var": "area"}, {"coalesce": [{"var": "kitchen_area"}, 0]}]},
            },
            "too_big": {"when": {">": [{"var": "area"}, 3000]}, "refuse": text("太大")},
        },
    },
    "materials": {
        "lease": {
            "$ref": "material:lease",
            "satisfied_by": [
                {"license": "business_license", "about": "applicant"},
                {"commitment": "promise"},
                {"upload": True},
            ],
            "may_follow": {"by_step": "decide"},
        }
    },
    "commitments": {"promise": {"version": "1", "title": text("承诺书"), "text": text("我承诺")}},
    "fees": {
        "permit": {
            "title": text("工本费"),
            "amount": {"yuan": "10.00"},
            "basis": text("依据"),
            "payer": "applicant",
        }
    },
    "clocks": {
        "legal": {"within": {"n": 20, "unit": "working"}},
        "promised": [
            {"when": {"==": [{"var": "kitchen"}, True]}, "within": {"n": 9, "unit": "working"}},
            {"within": {"n": 5, "unit": "working"}},
        ],
    },
    "process": {
        "steps": {
            "accept": {
                "kind": "review",
                "title": text("受理"),
                "after": [],
                "accepts": True,
                "assignees": {"role": "officer"},
            },
            "visit": {"kind": "task", "title": text("踏勘"), "after": ["accept"]},
            "decide": {
                "kind": "review",
                "title": text("决定"),
                "after": ["visit"],
                "when": {"==": [{"var": "steps.accept.outcome"}, "approved"]},
            },
        }
    },
    "result": {
        "title": text("许可证"),
        "kind": "license",
        "license": "business_license",
        "subjects": {"holder": "applicant"},
    },
}

SERVICE: dict[str, Any] = {
    "kind": "service",
    "id": "restaurant",
    "title": text("开餐饮店"),
    "lead": "market",
    "subjects": {
        "owner": {"kind": "enterprise"},
        "chief": {"kind": "person", "relation": "legal_representative", "of": "owner"},
        "staff": {"kind": "person", "many": True},
        "contact": {"kind": "person", "one_of": "staff"},
        "shop": {"kind": "premises"},
    },
    "applicant": ["owner"],
    "situation": {
        "questions": {
            "food": {"type": "boolean", "title": text("卖吃的吗")},
            "big": {"type": "boolean", "title": text("很大吗")},
        },
        "order": ["big", "food"],
        "rules": {"big": {"when": {"==": [{"var": "food"}, True]}, "show": ["big"]}},
    },
    "items": {
        "food_license": {
            "use": "food",
            "when": {"==": [{"var": "food"}, True]},
            "subjects": {
                "applicant": "owner",
                "boss": "chief",
                "cooks": "staff",
                "place": "shop",
            },
            "fixed": {"sort": "small"},
        }
    },
    "rules": {
        "small_only": {
            "when": {"==": [{"var": "situation.big"}, True]},
            "require": ["food_license.capital"],
        }
    },
    "cases": {
        "plain": {
            "title": text("普通"),
            "given": {"today": "2026-11-23", "situation": {"food": True}},
            "expect": {"items": ["food_license"]},
        }
    },
}

CALENDAR: dict[str, Any] = {
    "kind": "calendar",
    "id": "cn_2026",
    "title": text("2026年"),
    "year": 2026,
    "status": "announced",
    "holidays": {"2026-01-01": "元旦"},
    "workdays": {"2026-01-04": "元旦"},
}

POLICY: dict[str, Any] = {
    "kind": "policy",
    "id": "rent_relief",
    "title": text("减租"),
    "department": "market",
    "subjects": {"owner": {"kind": "enterprise"}},
    "fields": {"area": {"$ref": "element:party.area", "about": "owner"}},
    "conditions": {"small": {"title": text("小"), "when": {"<": [{"var": "area"}, 100]}}},
    "amount": {"yuan": "500.00"},
}

VARIANT: dict[str, Any] = {
    "kind": "variant",
    "id": "food_here",
    "title": text("本区"),
    "of": "item/food",
    "district": "440402",
    "patch": {"process": {"steps": {"visit": None, "decide": {"after": ["accept"]}}}},
}

_ALL = (PARTY, LICENSE, ORGANISATION, ITEM, SERVICE, CALENDAR, POLICY, VARIANT)


def world() -> World:
    """All definitions, by "kind/id"; a fresh copy that a test may change."""
    return {f"{one['kind']}/{one['id']}": copy.deepcopy(one) for one in _ALL}


def library(definitions: World | None = None) -> Library:
    return read_bundle(world() if definitions is None else definitions)


def problems(definitions: World) -> list[Problem]:
    """What reader and checks find, in all."""
    found = read_bundle(definitions)
    return [*found.problems, *check(found)]


def place(definitions: World, name: str, pointer: str) -> tuple[Any, str]:
    """The object that holds what a pointer names, and the key there."""
    *steps, last = pointer.strip("/").split("/")
    node: Any = definitions[name]
    for step in steps:
        node = node[int(step) if isinstance(node, list) else step]
    return node, last


def changed(name: str, pointer: str, value: Any) -> World:
    """The world with one value set (a list's `-` appends)."""
    definitions = world()
    node, last = place(definitions, name, pointer)
    if isinstance(node, list):
        node.append(value) if last == "-" else node.__setitem__(int(last), value)
    else:
        node[last] = value
    return definitions


def without(name: str, pointer: str) -> World:
    """The world with one value gone."""
    definitions = world()
    node, last = place(definitions, name, pointer)
    del node[last]
    return definitions
