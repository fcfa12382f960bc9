"""Sent applications go all the way, with the sandbox's systems as real processes beside them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from werkzeug.serving import make_server

from definitions.formats import credit_code_fault, e_license_fault
from plugins import sandbox
from plugins.asking import Asker
from plugins.contract import Done, Purpose, SignedIn
from plugins.registry import Setting, discover
from runtime.journey import paying
from runtime.journey.cases import Case, open_case
from runtime.journey.clock import Clock
from runtime.journey.delivering import NOBODY
from runtime.journey.draft import Draft
from runtime.journey.start import begin
from runtime.store import SYSTEM, Person
from runtime.web import callbacks
from runtime.web.application import create
from tests.journey.outside import Outside, say_yes, sent_by_all
from tests.journey.test_cases import everybody
from tests.journey.world import World, built, released

SERVICES = ("open_restaurant", "sell_home", "connect_utilities", "deregister_enterprise")
PATIENCE = 20
"""Seconds that a callback has to come."""

pytestmark = pytest.mark.xdist_group("sandbox")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the books of the sandbox are."""
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def addresses(folder: Path) -> Iterator[dict[str, str]]:
    """The addresses of a sandbox whose books are new."""
    with sandbox.started(folder, ports={}) as found:
        yield dict(found)


class Journey:
    """One installation with the sandbox around it, an officer of every office, and a clock."""

    def __init__(self, world: World, settings: Mapping[str, Setting]) -> None:
        self.world = world
        installation = world.installation
        installation.instances = discover().open(settings, sandbox=True)
        self.told = threading.Event()
        installation.wake = self.told.set
        self.outside = Outside(installation)
        self.clock = Clock(installation, lambda: self.outside.now)
        self.officer = everybody(world)
        self.paid: list[str] = []

    def case(self, id: str) -> Case:
        """The case as the platform sees it."""
        return open_case(self.world.installation, SYSTEM, NOBODY, id, self.outside.now)

    def go(self, id: str) -> Case:
        """Everybody does what they have to until nobody has anything to do."""
        for _ in range(300):
            self.outside.work()
            case = self.case(id)
            if case.state.closed_at or any(one.failed for one in case.state.steps.values()):
                return case
            if not (self.pay(case) or say_yes(self.world, id, self.officer, self.outside.now)):
                self.outside.now += timedelta(days=10)
                self.clock.tick()
        raise AssertionError(dict(case.state.steps))

    def pay(self, case: Case) -> bool:
        """Pay whatever is due on the bank's own page; it tells us by itself."""
        for bill in case.state.bills.values():
            lines = [line.id for line in bill.lines if line.standing == "due"]
            page = paying.made(case, bill.id).get("page")
            if lines and page:
                self.told.clear()
                answer = requests.post(page, data={"line": lines}, timeout=5, allow_redirects=False)
                assert answer.status_code == 303
                back = f"https://yibiao.test/applications/{case.application.id}"
                assert answer.headers["Location"] == back
                assert self.told.wait(PATIENCE), "no callback came"
                self.paid += lines
                return True
        return False


@pytest.fixture
def journey(
    tmp_path: Path, folder: Path, addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    """The product with its worker, reached by the sandbox's callbacks."""
    # the sandbox lives today: a bill of the day that these cases have would be over some day
    monkeypatch.setattr(paying, "_until", lambda *_: "")
    with built(tmp_path, f"sqlite:///{tmp_path / 'one.db'}", SERVICES) as world:
        server = make_server("127.0.0.1", 0, create(world.installation), threaded=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            here = f"http://127.0.0.1:{server.port}/callbacks"
            made = Journey(world, sandbox.instances(addresses, here, folder))
            monkeypatch.setattr(callbacks, "now", lambda: made.outside.now)
            yield made
        finally:
            server.shutdown()


def ledger(journey: Journey, id: str) -> set[str]:
    """How the deliveries of an application stand."""
    return {one.standing for one in journey.outside.entries(id)}


@pytest.mark.parametrize(
    ("service", "case", "lines"),
    [
        ("open_restaurant", 0, 0),
        ("open_restaurant", 2, 0),
        ("connect_utilities", 0, 4),
    ],
)
def test_a_service_goes_from_sending_to_its_results(
    journey: Journey, service: str, case: int, lines: int
) -> None:
    id = sent_by_all(journey.world, service, case)
    done = journey.go(id)
    assert all_issued(done)
    assert ledger(journey, id) == {"done"}
    assert len(journey.paid) >= lines


def held(journey: Journey, holder: str, kind: str) -> dict[str, str]:
    """How the licences of a holder stand in the offices, by number."""
    sources = journey.world.installation.instances.sources
    purpose = Purpose(("test",), "case")
    found = [one.find(holder, (kind,), purpose) for one in sources.values()]
    return {
        one.number: one.status
        for answer in found
        if isinstance(answer, Done)
        for one in answer.data
    }


def all_issued(case: Case) -> bool:
    """Whether every item has come to its result; says what failed."""
    failed = {step: one.failed for step, one in case.state.steps.items() if one.failed}
    assert not failed
    assert case.application.status == "closed"
    return {one.ending for one in case.state.items.values()} == {"issued"}


def test_a_mortgaged_home_is_sold_and_its_papers_change_hands(journey: Journey) -> None:
    seller, buyer = "440402196811013192", "440402199306062448"
    home, loan = "real_estate_certificate", "real_estate_registration_proof"
    [old], [proof] = held(journey, seller, home), held(journey, seller, loan)
    id = sent_by_all(journey.world, "sell_home", 0)
    done = journey.go(id)
    assert all_issued(done)
    assert len(journey.paid) >= 3  # taxes and fees on one bill, the bank's on another
    registered = done.state.steps["transfer.register"].form["certificate_number"]
    assert held(journey, seller, home)[old] == "revoked"
    assert held(journey, seller, loan)[proof] == "revoked"
    assert held(journey, buyer, home)[registered] == "valid"
    issued = done.state.steps["transfer.issue"].form
    assert (issued["number"], issued["holders"]) == (registered, "李晓雯")
    assert done.state.steps["tax.certify"].form["tax_certificate_number"].startswith("344")


def test_an_enterprise_that_is_closed_has_no_licence_any_more(journey: Journey) -> None:
    code = "91440402MA5733066A"
    id = sent_by_all(journey.world, "deregister_enterprise", 0)
    done = journey.go(id)
    assert all_issued(done)
    assert set(held(journey, code, "business_license").values()) == {"revoked"}
    told = done.state.steps["notice.issue"].form
    assert (told["objected"], told["equity_frozen"]) == (False, False)
    assert told["notice_number"].startswith("GG")


def test_a_company_that_was_registered_finds_its_licence_in_the_next_application(
    journey: Journey,
) -> None:
    world = journey.world
    id = sent_by_all(world, "open_restaurant", 2)  # there is no licence yet
    done = journey.go(id)
    issued = done.state.steps["registration.issue"].form
    code = issued["credit_code"]
    assert credit_code_fault(code) is None
    assert e_license_fault(issued["identifier"]) is None
    instances = world.installation.instances
    owner = world.installation.store.people.get(SYSTEM, done.application.owner)
    draft = next_application(world, owner, code)
    filled = {one.license_type for one in draft.application.provenance.values()}
    assert "business_license" in filled
    answers = draft.answers
    assert answers["applicant.enterprise.credit_code"] == code
    assert answers["applicant.party.name"] == "珠海市志强小馆餐饮有限公司"
    assert answers["applicant.enterprise.registered_capital"] == 50000000
    # who has registered it may act for it when they sign in again
    chosen = instances.identities["persona"].complete({"choice": "lin_zhiqiang"}, {})
    assert isinstance(chosen, SignedIn)
    leads = {one.credit_code: one.role for one in chosen.enterprises}
    assert leads[code] == "legal_representative"
    # the other licences name their holder by the code that the company has got meanwhile
    assert done.state.steps["food.issue"].form["holder"] == code


def next_application(world: World, owner: Person, code: str) -> Draft:
    """What somebody begins for the company that they have registered, filled by the sandbox."""
    installation = world.installation
    instances = installation.instances
    installation.asker = Asker(instances.sources, instances.titles)
    actor = world.meet(owner.number, owner.name, code)
    release, plan, _ = released("open_restaurant")
    situation = {plan.combination.situation.get("has_license", "has_license"): True}
    person, district = world.people[owner.name], plan.service.districts[0]
    today = datetime.now(UTC)  # the sandbox has dated the licence
    return begin(installation, actor, person, release.id, district, "applicant", situation, today)
