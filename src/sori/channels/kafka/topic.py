"""A topic opened for reading: from places that we name, committing nothing there.

The library brings a transport of its own, so every broker is checked before it is called: those
that were typed in, and those that the cluster says it has.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from sori.channels.fetching import checked
from sori.channels.kafka.settings import KafkaSettings, brokers_in
from sori.errors import ChannelError, ConfigurationError

SECONDS: Final = 10.0
KEPT_WAITING: Final = 32_768  # KiB that the library reads ahead
PERMANENT: Final = frozenset(
    {
        "_AUTHENTICATION",
        "SASL_AUTHENTICATION_FAILED",
        "TOPIC_AUTHORIZATION_FAILED",
        "CLUSTER_AUTHORIZATION_FAILED",
        "TOPIC_EXCEPTION",
    }
)
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC).timestamp()
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


class Message(NamedTuple):
    """One message.

    Attributes:
        partition: of the topic.
        offset: its number there.
        key: as it was given; None where it has none.
        value: what it says; None for a tombstone.
        at: when it was made, as the cluster tells; None when it does not.
    """

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    at: datetime | None


class Ended(NamedTuple):
    """For the moment there is no more in a partition; the next message will have this offset."""

    partition: int
    offset: int


class Lost(NamedTuple):
    """The place where we wanted to go on is not there in a partition."""

    partition: int


Event: TypeAlias = Message | Ended | Lost


@contextmanager
def opened(settings: KafkaSettings) -> Iterator["Topic"]:
    """A topic, whose brokers may be called and know it.

    Raises:
        ConfigurationError: the library is not installed.
        ChannelError: they may not, or do not; permanent when they refuse the user.
    """
    try:
        import confluent_kafka
    except ImportError as error:
        raise ConfigurationError("Kafka needs: pip install 'sori-voc[kafka]'") from error
    for broker in brokers_in(settings.brokers):
        checked(broker.host, broker.port, allow_private=settings.allow_private)
    troubles: list[Any] = []
    try:
        consumer = confluent_kafka.Consumer(_configuration(settings, troubles))
    except (confluent_kafka.KafkaException, ValueError) as error:
        raise ChannelError(f"Kafka cannot be reached this way: {_words(error)}") from error
    try:
        yield Topic(consumer, settings, troubles)
    except confluent_kafka.KafkaException as error:
        consumer.poll(0)  # the library tells what was wrong only to those who ask
        raise _refused([error.args[0], *troubles], settings) from error
    finally:
        consumer.close()


class Topic:
    """A topic that is being read.

    Args:
        consumer: of the library.
        settings: which topic.
        troubles: where the library writes what went wrong.
    """

    def __init__(self, consumer: Any, settings: KafkaSettings, troubles: list[Any]) -> None:
        self._consumer = consumer
        self._settings = settings
        self._troubles = troubles

    def partitions(self) -> list[int]:
        """The numbers of its partitions.

        Raises:
            ChannelError: there is no such topic, or one of its brokers may not be called.
        """
        told = self._consumer.list_topics(self._settings.topic, timeout=SECONDS)
        for broker in told.brokers.values():
            checked(broker.host, broker.port, allow_private=self._settings.allow_private)
        topic = told.topics[self._settings.topic]
        if topic.error is not None:
            raise _refused([topic.error], self._settings)
        return sorted(topic.partitions)

    def bounds(self, partition: int) -> tuple[int, int]:
        """The offset of the oldest message that is still there, and that of the next to come."""
        from confluent_kafka import TopicPartition

        place = TopicPartition(self._settings.topic, partition)
        low, high = self._consumer.get_watermark_offsets(place, timeout=SECONDS)
        return low, high

    def begin(self, offsets: Mapping[int, int]) -> None:
        """Read from these offsets, by partition."""
        from confluent_kafka import TopicPartition

        topic = self._settings.topic
        self._consumer.assign([TopicPartition(topic, *place) for place in offsets.items()])

    def take(self, most: int, seconds: float) -> list[Event]:
        """What comes within some seconds, in order within each partition; `most` events at most.

        Raises:
            ChannelError: the brokers refuse.
        """
        return [self._event(one) for one in self._consumer.consume(most, timeout=seconds)]

    def stalled(self) -> ChannelError:
        """Why nothing comes although nothing has ended."""
        return _refused(self._troubles, self._settings)

    def _event(self, told: Any) -> Event:
        fault = told.error()
        if fault is None:
            at = _moment(*told.timestamp())
            return Message(told.partition(), told.offset(), told.key(), told.value(), at)
        if fault.name() == "_PARTITION_EOF":
            return Ended(told.partition(), told.offset())
        if fault.name() == "_AUTO_OFFSET_RESET":
            return Lost(told.partition())
        raise _refused([fault], self._settings)


def _configuration(settings: KafkaSettings, troubles: list[Any]) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "bootstrap.servers": settings.brokers,
        "client.id": "sori",
        "group.id": "sori",  # the library wants one; nothing joins or commits
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "enable.partition.eof": True,
        "auto.offset.reset": "error",
        "allow.auto.create.topics": False,
        "fetch.wait.max.ms": 100,
        "fetch.message.max.bytes": 1_000_000,
        "queued.max.messages.kbytes": KEPT_WAITING,
        "reconnect.backoff.ms": 500,
        "security.protocol": "ssl" if settings.security == "tls" else "plaintext",
        "error_cb": troubles.append,
        "log_level": 0,
    }
    if settings.security == "tls" and settings.authority.strip():
        chosen["ssl.ca.pem"] = settings.authority
    if settings.user:
        chosen |= {
            "security.protocol": "sasl_ssl" if settings.security == "tls" else "sasl_plaintext",
            "sasl.mechanisms": settings.mechanism,
            "sasl.username": settings.user,
            "sasl.password": settings.password.get_secret_value(),
        }
    return chosen


def _moment(kind: int, milliseconds: int) -> datetime | None:
    """When a message was made; None where the cluster does not say, or says nonsense."""
    seconds = milliseconds / 1000
    if not kind or not EARLIEST < seconds < LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _refused(faults: list[Any], settings: KafkaSettings) -> ChannelError:
    """What went wrong, by the fault that explains most: a wrong password before a lost line."""
    names = [fault.name() for fault in faults]
    final = next((one for one in faults if one.name() in PERMANENT), None)
    if final is not None:
        return ChannelError(f"Kafka refuses us: {_words(final)}", permanent=True)
    if "UNKNOWN_TOPIC_OR_PART" in names:
        return ChannelError(f"there is no topic {settings.topic} at {settings.brokers}")
    plain = next((one for one in faults if one.name() != "_ALL_BROKERS_DOWN"), None)
    detail = f": {_words(plain)}" if plain is not None else ""
    return ChannelError(f"Kafka at {settings.brokers} could not be read{detail}")


def _words(error: Any) -> str:
    text = error.str() if hasattr(error, "str") else str(error)
    return text[:300]
