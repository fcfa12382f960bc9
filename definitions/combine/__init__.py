"""From many items to the one form: which fields are one question, how each is read, and why.

    combination = combine(library, "open_restaurant")
    combination.questions["applicant.party.name"].fields    # (("food", "name"), ("fire", "unit"))
    combination.readings["fire"]["unit"]                    # Asked("applicant.party.name")

Rules are not rewritten; answers are renamed. An item keeps its own names and its own rules, so
that merging can make no circle and an item never sees more than its own form shows.
"""

from definitions.combine.combine import combine
from definitions.combine.model import Combination, Merge, PlanSection, Question
from definitions.combine.report import report

__all__ = ["Combination", "Merge", "PlanSection", "Question", "combine", "report"]
