"""The words a page says for what the machine writes: kinds, sentiments, urgencies, channels."""

from typing import Final

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_noop as marked

KINDS: Final = {
    "complaint": marked("Complaint"),
    "question": marked("Question"),
    "praise": marked("Praise"),
    "idea": marked("Idea"),
    "other": marked("Other"),
}
SENTIMENTS: Final = {
    "negative": marked("Negative"),
    "neutral": marked("Neutral"),
    "positive": marked("Positive"),
    "mixed": marked("Mixed"),
}
URGENCIES: Final = {0: marked("No reaction needed"), 1: marked("Ordinary"), 2: marked("Urgent")}
UNKNOWN: Final = marked("Unclear")
CHANNELS: Final = {
    "email": (marked("Mail"), marked("A mailbox; answers go out as mail.")),
    "rss": (marked("Feed"), marked("A blog, forum or news site by its RSS or Atom feed.")),
    "files": (marked("File"), marked("An export as JSON lines, CSV or spreadsheet.")),
    "webform": (marked("Web form"), marked("A form of our own, on its own page or within yours.")),
    "portal": (marked("Ideas portal"), marked("What customers wish for on the ideas portal.")),
    "naver": (marked("Naver"), marked("Blogs, cafes, Knowledge iN and news, by words.")),
    "calllog": (
        marked("Call or visit"),
        marked("Calls and visits, written down in a form or told by your telephone system."),
    ),
    "chat": (marked("Web chat"), marked("A chat window on your own pages, answered live.")),
    "mastodon": (marked("Mastodon"), marked("Posts and messages to us, and hashtags we follow.")),
    "matrix": (marked("Matrix"), marked("Rooms on a Matrix server, ours or ones that name us.")),
    "wordpress": (marked("WordPress"), marked("Comments and posts of a site, yours or others'.")),
    "x": (marked("X"), marked("Posts that name us, and posts found by our searches.")),
    "bluesky": (
        marked("Bluesky"),
        marked("Posts that name, answer or quote us, and posts with our words."),
    ),
    "kafka": (marked("Kafka"), marked("A topic whose messages are voices, such as a firehose.")),
    "drop": (
        marked("Dropped files"),
        marked("Exports that others put into a folder or an S3 bucket."),
    ),
    "demo": (marked("Demo"), marked("Invented customers of an invented company.")),
}
ICONS: Final = {
    "email": "mail",
    "rss": "rss",
    "files": "file-text",
    "webform": "text-cursor-input",
    "portal": "lightbulb",
    "naver": "scan-search",
    "calllog": "phone",
    "chat": "message-circle",
    "mastodon": "at-sign",
    "matrix": "brackets",
    "wordpress": "newspaper",
    "x": "hash",
    "bluesky": "cloud",
    "kafka": "waypoints",
    "drop": "folder-input",
    "demo": "audio-lines",
}


def kind(value: str | None) -> str:
    """A kind in words; what the machine could not tell says so."""
    return gettext(KINDS.get(value or "", UNKNOWN))


def sentiment(value: str | None) -> str:
    """A sentiment in words."""
    return gettext(SENTIMENTS.get(value or "", UNKNOWN))


def language(code: str) -> str:
    """A language in the reader's words; one that Django does not know is called by its code."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def urgency(value: int | None) -> str:
    """An urgency in words."""
    return gettext(UNKNOWN if value is None else URGENCIES.get(value, UNKNOWN))


def channel_icon(name: str) -> str:
    """The icon of a channel; a channel from elsewhere gets a plug."""
    return ICONS.get(name, "plug")


def channel(name: str) -> str:
    """A channel in words; one from elsewhere is called what it calls itself."""
    return gettext(CHANNELS[name][0]) if name in CHANNELS else name


def channel_about(name: str) -> str:
    """What kind of place a channel is, in a sentence; empty for one from elsewhere."""
    return gettext(CHANNELS[name][1]) if name in CHANNELS else ""
