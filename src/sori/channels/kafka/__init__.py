"""Kafka: a topic of messages, each of which is a voice."""
