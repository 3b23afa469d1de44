"""Which listening rules a mention fulfils: all rules against a whole batch in one pass.

It knows no Django and no database: rules in, Arrow in, Arrow out.
"""

from sori.listen.matching.explaining import explain
from sori.listen.matching.matcher import Matcher

__all__ = ["Matcher", "explain"]
