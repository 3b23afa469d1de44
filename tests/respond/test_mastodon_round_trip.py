"""A customer and a company on Mastodon: asked there, answered in the inbox, seen in the thread."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from desk import answers, due_now, form_of, path, say, signed_in, source
from peers import mastodon_server
from peers.mastodon_server import TOKEN, MastodonServer, settings_of
from sori.channels import registry
from sori.channels.contract import Listener
from sori.channels.mastodon.door import Mastodon
from sori.listen import vault
from sori.listen.models import Source
from sori.respond.models import Message
from sori.respond.outbox import deliver_due

pytestmark = pytest.mark.django_db(transaction=True)
