"""A way from a public answer into private: the web form, by an address that names the case.

Everybody who reads the answer can open the address, so it proves nothing about who writes; it only
says what they write about.
"""

from django.utils.crypto import constant_time_compare, salted_hmac

from sori.listen.models import Source

_SALT = "sori.listen.continuing"
_PROOF = 12


def path_for(case: int) -> str:
    """Where somebody can go on in private about a case; "" where there is no web form."""
    forms = Source.objects.filter(channel="webform", state=Source.State.ACTIVE).order_by("pk")
    slug = forms.values_list("slug", flat=True).first()
    return f"/form/{slug}/?about={case}-{_proof(case)}" if slug else ""


def case_of(code: str) -> int | None:
    """The case that such an address names; None when it was not made here."""
    number, _, proof = code.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return int(number) if constant_time_compare(proof, _proof(int(number))) else None


def _proof(case: int) -> str:
    return salted_hmac(_SALT, str(case), algorithm="sha256").hexdigest()[:_PROOF]
