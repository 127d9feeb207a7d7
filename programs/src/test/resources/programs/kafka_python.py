"""Programs on python3-kafka (kafka-python). Arguments: bootstrap server, name of a program."""

import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic

BOOTSTRAP = sys.argv[1]
PATIENCE_S = 120


def create(topic, partitions):
    admin = KafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    admin.create_topics([NewTopic(topic, partitions, 1)])
    admin.close()


def produce(topic, values, **settings):
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, acks="all", **settings)
    sent = [producer.send(topic, key=value, value=value) for value in values]
    for future in sent:
        future.get(PATIENCE_S)
    producer.close()


def consumer(group, topic):
    return KafkaConsumer(
        topic,
        bootstrap_servers=BOOTSTRAP,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=30000,
        heartbeat_interval_ms=500,
    )


def poll(members):
    records = []
    for member in members:
        for some in member.poll(timeout_ms=200).values():
            records += some
        if member.assignment():
            member.commit()
    return [r.value for r in records]


def producer_and_consumer():
    for codec in (None, "gzip"):
        topic = "kafka-python-%s" % codec
        create(topic, 2)
        values = [b"%d" % i for i in range(200)]
        produce(topic, values, compression_type=codec)
        reader = KafkaConsumer(
            topic, bootstrap_servers=BOOTSTRAP, auto_offset_reset="earliest", consumer_timeout_ms=PATIENCE_S * 1000
        )
        read = [next(reader).value for _ in values]
        assert sorted(read) == sorted(values), read
        ends = reader.end_offsets([TopicPartition(topic, 0), TopicPartition(topic, 1)])
        assert sum(ends.values()) == 200, ends
        reader.close()


def group():
    topic = "kafka-python-group"
    create(topic, 4)
    produce(topic, [b"%d" % i for i in range(200)])
    wanted = {b"%d" % i for i in range(200)}
    read = set()
    # A member joins and answers only while it polls, and a poll lasts until the other has joined too.
    import threading

    members = [consumer(topic, topic), consumer(topic, topic)]
    shares = [0, 0]
    failures = []

    def run(index):
        try:
            deadline = time.monotonic() + PATIENCE_S
            while (len(read) < 200 or min(shares) < 2) and time.monotonic() < deadline:
                read.update(poll([members[index]]))
                shares[index] = len(members[index].assignment())
        except Exception as e:
            failures.append(e)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    assert shares == [2, 2], shares
    assert read == wanted, wanted - read
    for member in members:
        member.close()
    again = consumer(topic, topic)
    produce(topic, [b"more"])
    more = []
    deadline = time.monotonic() + PATIENCE_S
    while not more:
        assert time.monotonic() < deadline
        more = poll([again])
    assert more == [b"more"], more
    again.close()


def admin():
    client = KafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    client.create_topics([NewTopic("kafka-python-admin", 1, 1, topic_configs={"retention.ms": "60000"})])
    client.create_partitions({"kafka-python-admin": NewPartitions(3)})
    described = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "kafka-python-admin")])
    assert any("60000" in str(answer) for answer in described), described
    produce("kafka-python-admin", [b"a"])
    member = consumer("kafka-python-admin", "kafka-python-admin")
    deadline = time.monotonic() + PATIENCE_S
    while not poll([member]):
        assert time.monotonic() < deadline
    member.commit()
    assert ("kafka-python-admin", "consumer") in client.list_consumer_groups()
    [described] = client.describe_consumer_groups(["kafka-python-admin"])
    assert described.state == "Stable" and len(described.members) == 1, described
    offsets = client.list_consumer_group_offsets("kafka-python-admin")
    assert sum(max(o.offset, 0) for o in offsets.values()) == 1, offsets
    member.close()
    [(name, error)] = client.delete_consumer_groups(["kafka-python-admin"])
    assert error.errno == 0, error
    client.delete_topics(["kafka-python-admin"])
    assert "kafka-python-admin" not in client.list_topics()
    client.close()


{f.__name__: f for f in (producer_and_consumer, group, admin)}[sys.argv[2]]()
print("done: " + sys.argv[2])
