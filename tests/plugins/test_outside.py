"""Each operation does at its system what it says, over HTTP, for the people of the sandbox."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from definitions import formats
from definitions.model import Library
from plugins.contract import Denied, Done, NotFound, Purpose, Rejected
from plugins.registry import Instances
from plugins.sandbox import seeds
from tests.plugins.conftest import Ask, Books, why

HOME = "440402003001GB00015F00020015"
HOME_CERTIFICATE = "粤（2015）珠海市不动产权第0012345号"
HOME_ADDRESS = "广东省珠海市香洲区翠前北路66号2栋1501房"
SOLD = "440402005002GB00008F00090302"
SEIZED = "440402006004GB00033F00101603"
OBJECTED = "440403001005GB00044F00010001"
OLD_PROOF = "粤（2015）珠海市不动产证明第0008765号"
LI = {"name": "李晓雯", "id_number": "440402199306062448", "id_type": "resident_id_card"}
UTILITIES = ("water", "power", "gas", "network")


def code(enterprise: str) -> str:
    found: str = seeds.enterprises()[enterprise]["credit_code"]
    return found


def data(answer: Any) -> dict[str, Any]:
    """What came back."""
    assert isinstance(answer, Done), answer
    return dict(answer.data)


class TestUtilities:
    """Water, power, gas and network."""

    @pytest.mark.parametrize(
        ("company", "number"),
        [
            ("water", "0304210088"),
            ("power", "0801120045667"),
            ("gas", "70012208"),
            ("network", "07568891234"),
        ],
    )
    def test_an_account_is_found_by_number_and_by_address(
        self, ask: Ask, company: str, number: str
    ) -> None:
        by_number = data(ask(f"{company}.account", {"account_number": number}))
        by_address = data(ask(f"{company}.account", {"location": HOME_ADDRESS[3:]}))
        assert by_number == by_address
        assert (by_number["holder_name"], by_number["arrears"]) == ("周建国", 0)
        assert by_number["location"] == HOME_ADDRESS

    def test_an_account_at_another_address_is_not_found(self, ask: Ask) -> None:
        given = {"account_number": "0304210088", "location": "珠海市香洲区别处1号"}
        assert ask("water.account", given) == NotFound()
        assert ask("water.account", {}) == NotFound()

    def test_arrears_are_said_and_stop_the_transfer(self, ask: Ask) -> None:
        assert data(ask("water.account", {"account_number": "0304388410"}))["arrears"] == 12850
        given = {"account_number": "0304388410", "new_name": "李晓雯", "new_id": LI["id_number"]}
        with pytest.raises(Rejected) as error:
            ask("water.transfer", given)
        assert error.value.code == "arrears"

    def test_a_transfer_and_back(self, ask: Ask, books: Books) -> None:
        number = "0304155207"
        given = {"account_number": number, "new_name": "李晓雯", "new_id": LI["id_number"]}
        done = data(ask("water.transfer", given, "move"))
        assert date.fromisoformat(done["transferred_on"])
        assert data(ask("water.account", {"account_number": number}))["holder_name"] == "李晓雯"
        back = data(ask("water.transfer_back", {"key": "move", "sent": given, "answer": done}))
        assert back["holder_name"] == "邓丽华"
        assert books("water")["entries"]["account"][number]["holder_name"] == "邓丽华"
        with pytest.raises(Rejected, match="undone"):
            ask("water.transfer_back", {"key": "move"})

    def test_what_has_moved_on_does_not_move_back(self, ask: Ask) -> None:
        first = {"account_number": "70008813", "new_name": "李晓雯", "new_id": LI["id_number"]}
        ask("gas.transfer", first, "first move")
        ask("gas.transfer", {**first, "new_name": "谭文浩", "new_id": "440402199112127397"})
        with pytest.raises(Rejected, match="moved_on"):
            ask("gas.transfer_back", {"key": "first move"})

    @pytest.mark.parametrize("company", UTILITIES)
    def test_a_small_connection_costs_less(self, ask: Ask, company: str) -> None:
        whole = data(ask(f"{company}.quote", {"location": HOME_ADDRESS, "small_access": False}))
        small = data(ask(f"{company}.quote", {"location": HOME_ADDRESS, "small_access": True}))
        assert whole["amount"] == sum(line["amount"] for line in whole["lines"])
        assert 0 < small["amount"] < whole["amount"]
        assert small["quote_number"] != whole["quote_number"]

    @pytest.mark.parametrize("company", UTILITIES)
    def test_a_connection_and_its_end(self, ask: Ask, company: str) -> None:
        place = "广东省珠海市香洲区翠微西路168号6栋1803房"
        given = {"location": place, "holder": "何家俊", "needed_on": "2027-01-15"}
        made = data(ask(f"{company}.connect", given, f"connect {company}"))
        found = data(ask(f"{company}.account", {"location": place}))
        assert found["account_number"] == made["account_number"]
        assert (found["holder_name"], found["arrears"]) == ("何家俊", 0)
        data(ask(f"{company}.disconnect", {"key": f"connect {company}"}))
        assert ask(f"{company}.account", {"location": place}) == NotFound()

    def test_survey_dates_are_working_days_ahead(self, ask: Ask) -> None:
        first = datetime.now(UTC).date() + timedelta(days=30)
        given = {"location": HOME_ADDRESS, "from": first.isoformat()}
        days = [date.fromisoformat(day) for day in data(ask("power.survey_dates", given))["dates"]]
        assert len(days) == 3
        assert days == sorted(set(days))
        assert all(day > first and day.weekday() < 5 for day in days)
        with pytest.raises(Rejected, match="too_far"):
            ask("power.survey_dates", {"location": HOME_ADDRESS, "from": "9999-12-31"})

    def test_the_companies_keep_books_apart(self, ask: Ask) -> None:
        assert ask("power.account", {"account_number": "0304210088"}) == NotFound()


class TestRealEstate:
    """The register: who owns what, and what stands against it."""

    def test_a_home_its_owners_and_how_its_mortgage_passes(self, ask: Ask) -> None:
        given = {"unit_number": HOME, "certificate_number": "粤(2015)珠海市不动产权第0012345号"}
        found = data(ask("real_estate.search", given))
        assert found["owners"] == ["周建国", "吴秀兰"]
        assert [one["id_number"] for one in found["holders"]] == [
            "440402196811013192",
            "440402197002144285",
        ]
        assert (found["seized"], found["mortgaged"], found["objection"]) == (False, True, False)
        assert found["limits"][0]["number"] == OLD_PROOF
        new = {
            "unit_number": HOME,
            "mode": "combined",
            "old_proof": OLD_PROOF,
            "mortgagee": "中国建设银行股份有限公司珠海市分行",
            "amount": 120000000,
            "term": {"start": "2026-12-01", "end": "2056-11-30"},
        }
        done = data(ask("real_estate.mortgage", new))
        limits = data(ask("real_estate.search", {"unit_number": HOME}))["limits"]
        assert [one["number"] for one in limits] == [done["proof_number"]]
        paid_off = {"unit_number": HOME, "mode": "combined", "old_proof": done["proof_number"]}
        assert "proof_number" not in data(ask("real_estate.mortgage", paid_off))
        assert not data(ask("real_estate.search", {"unit_number": HOME}))["mortgaged"]
        with pytest.raises(Rejected, match="no_mortgage"):
            ask("real_estate.mortgage", paid_off)

    def test_a_certificate_of_another_home_finds_nothing(self, ask: Ask) -> None:
        given = {"unit_number": SEIZED, "certificate_number": HOME_CERTIFICATE}
        assert ask("real_estate.search", given) == NotFound()

    @pytest.mark.parametrize(
        ("unit", "code"), [(SEIZED, "seizure"), (OBJECTED, "objection"), (SOLD, "tax_unpaid")]
    )
    def test_what_cannot_be_registered(self, ask: Ask, unit: str, code: str) -> None:
        given = {"unit_number": unit, "ownership": "sole", "buyers": [LI], "reason": "sale"}
        with pytest.raises(Rejected) as error:
            ask("real_estate.register", given)
        assert error.value.code == code

    def test_the_tax_certificate_must_be_of_this_contract(self, ask: Ask) -> None:
        number = certificate(ask, "ANOTHER-CONTRACT")
        given = {**sale(), "tax_certificate_number": number}
        with pytest.raises(Rejected, match="tax_other"):
            ask("real_estate.register", given)

    def test_a_tax_certificate_that_the_bureau_does_not_know_is_believed(self, ask: Ask) -> None:
        unit = "440402007003GB00021F00061803"
        given = {**sale(), "unit_number": unit, "tax_certificate_number": "YB〔2026〕1/2?号"}
        assert data(ask("real_estate.register", given))["certificate_number"]

    def test_a_void_tax_certificate_does_not_count(self, ask: Ask) -> None:
        number = certificate(ask, "VOID-CONTRACT", "void it")
        data(ask("tax.withdraw_certificate", {"key": "void it"}))
        given = {**sale(), "contract_number": "VOID-CONTRACT", "tax_certificate_number": number}
        with pytest.raises(Rejected, match="tax_withdrawn"):
            ask("real_estate.register", given)

    def test_the_home_passes_and_gets_a_new_certificate(self, ask: Ask) -> None:
        given = {**sale(), "tax_certificate_number": certificate(ask, "ZH-SALE-1")}
        done = data(ask("real_estate.register", given))
        search = {"unit_number": SOLD, "certificate_number": done["certificate_number"]}
        assert data(ask("real_estate.search", search))["owners"] == ["李晓雯"]
        old = {"unit_number": SOLD, "certificate_number": "粤（2013）珠海市不动产权第0004567号"}
        assert ask("real_estate.search", old) == NotFound()
        with pytest.raises(Rejected, match="registered"):
            ask("real_estate.register", given)


def sale() -> dict[str, Any]:
    return {
        "unit_number": SOLD,
        "contract_number": "ZH-SALE-1",
        "ownership": "sole",
        "buyers": [{**LI, "share": None, "$row": "r1"}],
        "reason": "sale",
    }


def quote(ask: Ask, contract: str = "ZH-1", **more: Any) -> dict[str, Any]:
    """What the bureau works out for the home of the sandbox's sellers."""
    given = {
        "contract_number": contract,
        "price": 198000000,
        "building_area": 89.35,
        "usage": "residential",
        "held_two_years": True,
        "only_home_five_years": True,
        "acquired_price": None,
        "home_count": "first",
        "signed_on": "2026-11-20",
    }
    return data(ask("tax.quote", {**given, **more}))


def certificate(ask: Ask, contract: str, key: str = "") -> str:
    number = quote(ask, contract)["quote_number"]
    found: str = data(ask("tax.certificate", {"quote_number": number}, key))[
        "tax_certificate_number"
    ]
    return found


class TestTax:
    """Quotes, certificates, enterprises."""

    def test_a_sale_is_quoted_with_its_laws(self, ask: Ask) -> None:
        found = quote(ask)
        assert (found["deed_tax"], found["vat"], found["income_tax"]) == (1980000, 0, 0)
        assert all(line["law"] and line["since"] for line in found["lines"])
        assert quote(ask)["quote_number"] == found["quote_number"]

    def test_the_certificate_repeats_the_quote(self, ask: Ask) -> None:
        quote(ask, "ZH-9", only_home_five_years=False)
        done = data(ask("tax.certificate", {"contract_number": "ZH-9"}))
        assert (done["deed_tax"], done["income_tax"]) == (1980000, 1980000)
        assert done["tax_certificate_number"].isdigit()
        assert ask("tax.certificate", {"contract_number": "nobody's"}) == NotFound()
        assert ask("tax.certificate", {}) == NotFound()

    def test_a_day_before_the_tables_is_refused(self, ask: Ask) -> None:
        with pytest.raises(Rejected, match="no_table"):
            quote(ask, signed_on="1999-01-01")

    def test_how_enterprises_stand(self, ask: Ask) -> None:
        clear = data(ask("tax.clearance_state", {"credit_code": code("wenjie")}))
        assert (clear["arrears"], clear["invoices_left"], clear["credit_level"]) == (0, 0, "A")
        owing = data(ask("tax.clearance_state", {"credit_code": code("nanping")}))
        assert owing["arrears"] > 0
        assert owing["under_inspection"]
        assert ask("tax.clearance_state", {"credit_code": "91440402MA00000000"}) == NotFound()

    def test_invoices_are_granted_up_to_the_level_and_taken_back(
        self, ask: Ask, books: Books
    ) -> None:
        given = {"credit_code": code("weijia"), "kinds": ["digital_ordinary"], "quota": 99900000}
        assert data(ask("tax.grant_invoices", given, "grant"))["quota"] == 10000000
        assert data(ask("tax.withdraw_invoices", {"key": "grant"}))["quota"] == 0
        assert books("tax")["entries"]["enterprise"][code("weijia")]["quota"] == 0
        with pytest.raises(Rejected, match="level"):
            ask("tax.grant_invoices", {**given, "credit_code": code("meiling")})

    def test_an_enterprise_of_today_begins_with_the_level_of_new_ones(self, ask: Ask) -> None:
        given = {"credit_code": "91440402MA5NEWNEW1", "kinds": ["digital_special"]}
        assert data(ask("tax.grant_invoices", given))["quota"] == 10000000


class TestRegisters:
    """Enterprises, notices, insurance, customs, credit."""

    def test_how_enterprises_are_registered(self, ask: Ask) -> None:
        states = {
            name: data(ask("registry.enterprise", {"credit_code": code(name)}))
            for name in ("wenjie", "meiling", "nanping", "huimin")
        }
        assert states["wenjie"]["name"] == "珠海市文杰贸易有限公司"
        assert states["wenjie"]["established_on"] == "2015-03-16"
        assert [one["status"] for one in states.values()] == [
            "active",
            "revoked",
            "active",
            "active",
        ]
        assert [one["equity_frozen"] for one in states.values()] == [False, False, True, False]
        assert [one["abnormal"] for one in states.values()] == [False, False, False, True]
        assert ask("registry.enterprise", {"credit_code": "91440402MA00000000"}) == NotFound()

    @pytest.mark.parametrize(("route", "days"), [("simple", 20), ("general", 45)])
    def test_a_notice_runs_from_tomorrow_and_is_withdrawn(
        self, ask: Ask, route: str, days: int
    ) -> None:
        given = {"credit_code": code("wenjie"), "route": route}
        done = data(ask("registry.publish_notice", given, f"notice {route}"))
        start, end = (date.fromisoformat(done[name]) for name in ("start", "end"))
        assert (end - start).days == days
        with pytest.raises(Rejected, match="running"):
            ask("registry.publish_notice", given)
        undone = data(ask("registry.withdraw_notice", {"key": f"notice {route}"}))
        assert undone["number"] == done["number"]

    @pytest.mark.parametrize("name", ["nanping", "huimin"])
    def test_the_simple_route_is_not_for_all(self, ask: Ask, name: str) -> None:
        with pytest.raises(Rejected, match="not_simple"):
            ask("registry.publish_notice", {"credit_code": code(name), "route": "simple"})

    def test_whom_employers_insure(self, ask: Ask) -> None:
        none = data(ask("insurance.employer_state", {"credit_code": code("wenjie")}))
        some = data(ask("insurance.employer_state", {"credit_code": code("nanping")}))
        assert (none["insured"], none["arrears"]) == (0, 0)
        assert (some["insured"], some["arrears"]) == (3, 421500)
        assert ask("insurance.employer_state", {"credit_code": code("huimin")}) == NotFound()

    def test_what_is_open_at_customs(self, ask: Ask) -> None:
        closed = data(ask("customs.open_business", {"customs_code": "4404961234"}))
        opened = data(ask("customs.open_business", {"customs_code": "4404967731"}))
        assert (closed["name"], closed["open"]) == ("珠海市文杰贸易有限公司", False)
        assert (opened["open"], opened["arrears"]) == (True, 356000)
        assert ask("customs.open_business", {"customs_code": "0000000000"}) == NotFound()

    @pytest.mark.parametrize(
        ("name", "listed", "entries"),
        [("meiling", True, 1), ("jinwan", False, 1), ("haishan", False, 0)],
    )
    def test_who_is_listed_for_what(self, ask: Ask, name: str, listed: bool, entries: int) -> None:
        found = data(ask("credit.standing", {"subject": code(name)}))
        assert (found["listed"], len(found["entries"])) == (listed, entries)
        for one in found["entries"]:
            assert one["reason"]
            assert ("how_to_repair" in one) == listed


class TestBank:
    """Loans; bills have tests of their own."""

    def test_what_is_left_of_a_loan(self, ask: Ask) -> None:
        found = data(
            ask("bank.payoff", {"proof_number": OLD_PROOF, "account": "4402051009300186525"})
        )
        assert (found["balance"], found["agreed"]) == (42000000, True)
        other = "粤(2018)珠海市不动产证明第0034512号"
        assert not data(ask("bank.payoff", {"proof_number": other}))["agreed"]
        assert ask("bank.payoff", {"proof_number": "no such proof"}) == NotFound()


def test_every_question_says_why(ask: Ask, books: Books, instances: Instances) -> None:
    ask("insurance.employer_state", {"credit_code": code("haishan")}, "why")
    reading = books("insurance")["readings"][-1]
    assert (reading["key"], reading["item"]) == ("why", "sale_tax")
    assert reading["case_number"] == "YB-2026-0001"
    nobody = type(why())("k", "", "YB-1", "xiangzhou")
    denied = instances.connectors["insurance"].call(
        "employer_state", {"credit_code": code("haishan")}, nobody
    )
    assert isinstance(denied, Denied)


class TestIssuing:
    """E-licences that are made, kept by the offices, replaced and revoked."""

    ISSUER = "珠海市香洲区市场监督管理局"

    def found(self, instances: Instances, office: str, holder: str, type_: str) -> dict[str, str]:
        """The state of what an office knows, by number."""
        why = Purpose(("food_license_application",), "YB-1", "prefill")
        answer = instances.sources[office].find(holder, [type_], why)
        return {one.number: one.status for one in answer.data} if isinstance(answer, Done) else {}

    def test_a_licence_is_found_by_the_office_that_keeps_its_kind(
        self, ask: Ask, instances: Instances
    ) -> None:
        given = {
            "type": "food_license",
            "issuer": self.ISSUER,
            "holders": [{"number": code("haishan"), "name": "珠海市海珊餐饮有限公司"}],
            "data": {"经营者名称": "珠海市海珊餐饮有限公司", "主体业态": "餐饮服务经营者"},
            "revokes": [],
        }
        done = data(ask("licenses.issue", given, "food"))
        assert done["data"]["许可证编号"] == done["number"]
        assert done["data"]["主体业态"] == "餐饮服务经营者"
        assert done["valid_to"] > done["issued_on"]
        assert formats.e_license_fault(done["identifier"]) is None
        kept = self.found(instances, "city", code("haishan"), "food_license")
        assert kept == {done["number"]: "valid"}
        data(ask("licenses.revoke", {"key": "food", "sent": given, "answer": done}))
        kept = self.found(instances, "city", code("haishan"), "food_license")
        assert kept == {done["number"]: "revoked"}

    def test_the_old_one_is_replaced_and_comes_back(self, ask: Ask, instances: Instances) -> None:
        holder, old = "440402198808203314", "粤（2024）珠海市不动产权第0034567号"
        given = {
            "type": "real_estate_certificate",
            "issuer": "珠海市不动产登记中心",
            "holders": [{"number": LI["id_number"], "name": LI["name"]}],
            "data": {"权利人": "李晓雯", "证号": "粤（2026）珠海市不动产权第0900077号"},
            "revokes": [{"type": "real_estate_certificate", "number": old, "holder": holder}],
        }
        done = data(ask("licenses.issue", given, "certificate"))
        assert done["number"] == "粤（2026）珠海市不动产权第0900077号"
        kind = "real_estate_certificate"
        assert self.found(instances, "province", holder, kind) == {old: "revoked"}
        assert done["number"] in self.found(instances, "province", LI["id_number"], kind)
        data(ask("licenses.revoke", {"key": "certificate"}))
        assert self.found(instances, "province", holder, kind) == {old: "valid"}
        with pytest.raises(Rejected, match="undone"):
            ask("licenses.revoke", {"key": "certificate"})

    def test_a_new_enterprise_gets_its_credit_code(self, ask: Ask, instances: Instances) -> None:
        given = {
            "type": "business_license",
            "issuer": self.ISSUER,
            "holders": [],
            "data": {"名称": "珠海市志强餐饮有限公司"},
            "revokes": [],
        }
        number = data(ask("licenses.issue", given))["number"]
        assert formats.credit_code_fault(number) is None
        for office in ("province", "city"):
            assert self.found(instances, office, number, "business_license") == {number: "valid"}

    def test_every_type_can_be_issued(self, ask: Ask, library: Library) -> None:
        numbers = []
        for kind in [*library.licenses] * 2:
            given: dict[str, Any] = {
                "type": kind,
                "issuer": "某机关",
                "holders": [{"number": "44040220000229117", "name": "唐一凡"}],
                "revokes": [],
            }
            given["holders"][0]["number"] += str(len(numbers))
            numbers.append((kind, data(ask("licenses.issue", given))["number"]))
        assert len(set(numbers)) == 2 * len(library.licenses)

    def test_what_cannot_be_issued(self, ask: Ask) -> None:
        nobody = {"type": "passport", "issuer": "某机关", "holders": [], "revokes": []}
        with pytest.raises(Rejected, match="no_holder"):
            ask("licenses.issue", nobody)
        with pytest.raises(Rejected, match="no_type"):
            ask("licenses.issue", {**nobody, "type": "poetic_license"})
