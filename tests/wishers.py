"""People who take part in the ideas portal: they prove an address, and come in by a link."""

import html
import re

from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from sori.change.ideas import entering
from sori.change.ideas.hearing import CHANNEL
from sori.change.ideas.taking_part import Actor
from sori.people.models import Identity
from sori.people.services import Account, identify


def person_named(name: str) -> Actor:
    """A visitor who has proved an address."""
    key = (CHANNEL, f"{name}@customer.example")
    identity = identify([Account(*key, name, timezone.now())])[key]
    Identity.objects.filter(pk=identity.pk).update(verified=True)
    return Actor(identity.person, None, "ko")


def wish_in(answer: HttpResponse) -> str:
    """The wish that travels through a page which asks for a mail address."""
    return html.unescape(re.findall(r'name="wish" value="([^"]+)"', answer.content.decode())[0])


def came_in(browser: Client, address: str = "kim@customer.example", name: str = "하늘") -> Client:
    """The browser after its owner has opened the link in their mail."""
    browser.post("/ideas/ko/enter/", {"email": address})
    return opened_link(browser, name)


def opened_link(browser: Client, name: str = "하늘") -> Client:
    """Opens the newest link that was mailed, and clicks."""
    entering._post.submit(int).result(timeout=10)  # the mail before it is out
    link = re.findall(r"/ideas/ko/enter/[\w-]+/", mail.outbox[-1].body)[0]
    browser.post(link, {"name": name})
    return browser
