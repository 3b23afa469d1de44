"""Sources are set up with secrets that nobody reads again, and tell how they are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fake_channels import Fake, page
from sori import flow
from sori.errors import ConfigurationError
from sori.journal.models import Event
from sori.listen.models import Run, Source
from sori.listen.selectors import runs, sources
from sori.listen.services import change_source
from sori.listen.vault import opened_secrets, opened_settings, seal, unseal

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = {"place": "there", "password": "hunter2"}


def test_a_secret_is_sealed_and_opens_for_its_channel(source_of) -> None:
    source = source_of(Fake(), settings=SECRET)
    source.refresh_from_db()
    assert source.settings == {"place": "there"}
    assert b"hunter2" not in bytes(source.secrets)
    assert opened_settings(source).password.get_secret_value() == "hunter2"
    assert "hunter2" not in str(list(Event.objects.values()))


def test_a_secret_that_was_moved_to_another_source_does_not_open(source_of) -> None:
    ours, theirs = source_of(Fake(), settings=SECRET), source_of(Fake())
    Source.objects.filter(pk=theirs.pk).update(secrets=ours.secrets)
    theirs.refresh_from_db()
    with pytest.raises(ConfigurationError, match="not its own"):
        opened_secrets(theirs)


def test_a_damaged_secret_does_not_open() -> None:
    sealed = bytearray(seal(b"secret", about="here"))
    sealed[-1] ^= 1
    with pytest.raises(ConfigurationError):
        unseal(bytes(sealed), about="here")


def test_the_same_secret_never_looks_the_same() -> None:
    assert seal(b"secret", about="here") != seal(b"secret", about="here")


def test_a_new_key_seals_and_the_old_one_still_opens(settings) -> None:
    settings.VAULT_KEY = "old"
    sealed = seal(b"secret", about="here")
    settings.VAULT_KEY = "new,old"
    assert unseal(sealed, about="here") == b"secret"
    assert unseal(seal(b"other", about="here"), about="here") == b"other"
    settings.VAULT_KEY = "new"
    with pytest.raises(ConfigurationError, match="another key"):
        unseal(sealed, about="here")


def test_a_source_without_its_key_needs_attention_and_stops_nobody(source_of, settings) -> None:
    source = source_of(Fake(page(1)), settings=SECRET)
    settings.VAULT_KEY = "lost"
    flow.turn(source)
    source.refresh_from_db()
    assert source.state == Source.State.BROKEN
    assert "SORI_VAULT_KEY" in source.error


def test_an_empty_secret_keeps_the_old_one(source_of) -> None:
    source = source_of(Fake(), settings=SECRET)
    change_source(source=source, member=None, settings={"place": "elsewhere", "password": ""})
    opened = opened_settings(source)
    assert (opened.place, opened.password.get_secret_value()) == ("elsewhere", "hunter2")
    change_source(source=source, member=None, settings={"password": "hunter3"})
    assert opened_settings(source).password.get_secret_value() == "hunter3"


def test_settings_that_do_not_fit_are_refused_without_repeating_them(source_of) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        source_of(Fake(), settings={"place": ["hunter2"]})
    assert "place" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
    assert not Source.objects.exists()


def test_names_become_addresses_that_differ(source_of) -> None:
    names = ["고객 메일", "고객의 소리", "Customer mail", "customer-mail"]
    slugs = [source_of(Fake(), name=name).slug for name in names]
    assert len(set(slugs)) == 4
    assert slugs[2:] == ["customer-mail", "customer-mail-2"]


def test_its_runs_are_told_newest_first(source_of) -> None:
    source = source_of(Fake(page(1), page(2, "odd")))
    flow.turn(source)
    (run,) = runs(source.pk)
    assert (run["state"], run["seen"], run["stored"], run["quarantined"]) == ("done", 3, 2, 1)
    (health,) = sources()
    assert health.heard_at == run["finished_at"]
    assert (health.quarantined, health.stalled) == (1, False)


def test_health_asks_the_database_as_often_for_many_as_for_one(
    source_of, django_assert_num_queries
) -> None:
    for _ in range(5):
        source_of(Fake(page(1)))
    with django_assert_num_queries(4):
        assert len(sources()) == 5


def test_it_tells_of_an_unusual_silence(source_of) -> None:
    source = source_of(Fake())
    now = timezone.now()
    Source.objects.update(created_at=now - timedelta(weeks=10))
    for silence, alarming in ((5, True), (0, False)):
        Run.objects.all().delete()
        Run.objects.bulk_create(
            Run(
                source=source,
                sequence=hour,
                state=Run.State.DONE,
                seen=1,
                stored=1,
                duplicate=0,
                not_matched=0,
                quarantined=0,
                started_at=now - timedelta(hours=hour),
                finished_at=now - timedelta(hours=hour),
            )
            for hour in range(silence, 8 * 7 * 24)
        )
        (health,) = sources()
        assert health.stalled is alarming
