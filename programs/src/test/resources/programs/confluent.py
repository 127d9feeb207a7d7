"""Programs on librdkafka: python3-confluent-kafka. Arguments: bootstrap server, name of a program."""

import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

BOOTSTRAP = sys.argv[1]
PATIENCE_S = 120


def create(topic, partitions):
    admin = AdminClient({"bootstrap.servers": BOOTSTRAP})
    for future in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
        future.result(PATIENCE_S)


def produce(topic, values, **settings):
    failed = []
    producer = Producer({"bootstrap.servers": BOOTSTRAP, **settings})
    for value in values:
        producer.produce(topic, value, key=value, on_delivery=lambda e, m: failed.append(e) if e else None)
        producer.poll(0)
    producer.flush(PATIENCE_S)
    assert not failed, failed


def consumer(group, **settings):
    return Consumer(
        {
            "bootstrap.servers": BOOTSTRAP,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": 30000,
            **settings,
        }
    )


def read(consumers, count, wanted=lambda: True):
    """Polls all of them in turn until there are so many records and it is as wanted."""
    records = []
    deadline = time.monotonic() + PATIENCE_S
    while len(records) < count or not wanted():
        assert time.monotonic() < deadline, "%d of %d records" % (len(records), count)
        for one in consumers:
            record = one.poll(0.1)
            if record is None:
                continue
            if record.error():
                raise KafkaException(record.error())
            records.append(record)
            one.commit(message=record, asynchronous=True)
    return records


def group(strategy):
    topic = "librdkafka-" + strategy
    create(topic, 4)
    produce(topic, ["%d" % i for i in range(400)], **{"enable.idempotence": True, "compression.type": "lz4"})
    settings = {"partition.assignment.strategy": strategy}
    first = consumer(topic, **settings)
    first.subscribe([topic])
    records = read([first], 100)
    second = consumer(topic, **settings)
    second.subscribe([topic])
    both = [first, second]
    records += read(both, 0, lambda: len(first.assignment()) == 2 and len(second.assignment()) == 2)
    first.close()
    records += read([second], 0, lambda: len(second.assignment()) == 4)
    # What one had read and not committed when it lost the partition, the other reads again.
    while {r.value() for r in records} != {b"%d" % i for i in range(400)}:
        records += read([second], 1)
    second.commit(asynchronous=False)
    committed = second.committed([TopicPartition(topic, p) for p in range(4)], timeout=PATIENCE_S)
    assert sum(p.offset for p in committed) == 400, committed
    second.close()


def eager():
    group("range")


def cooperative():
    group("cooperative-sticky")


def static_member():
    topic = "librdkafka-static"
    create(topic, 2)
    produce(topic, ["a", "b"])
    settings = {"group.instance.id": "one", "partition.assignment.strategy": "range"}
    member = consumer(topic, **settings)
    member.subscribe([topic])
    read([member], 2)
    member.commit(asynchronous=False)
    member.close()
    again = consumer(topic, **settings)
    again.subscribe([topic])
    produce(topic, ["c"])
    assert [r.value() for r in read([again], 1)] == [b"c"]
    again.close()


def transactions():
    create("librdkafka-in", 2)
    create("librdkafka-out", 1)
    produce("librdkafka-in", ["%d" % i for i in range(100)])
    source = consumer("librdkafka-pipeline", **{"isolation.level": "read_committed"})
    source.subscribe(["librdkafka-in"])
    producer = Producer({"bootstrap.servers": BOOTSTRAP, "transactional.id": "librdkafka-pipeline"})
    producer.init_transactions(PATIENCE_S)
    done = 0
    turn = 0
    deadline = time.monotonic() + PATIENCE_S
    while done < 100:
        assert time.monotonic() < deadline, done
        records = [r for r in source.consume(10, 1.0) if not r.error()]
        if not records:
            continue
        turn += 1
        producer.begin_transaction()
        for record in records:
            producer.produce("librdkafka-out", record.value() + (b" aborted" if turn % 3 == 0 else b""))
        producer.send_offsets_to_transaction(
            source.position(source.assignment()), source.consumer_group_metadata(), PATIENCE_S
        )
        if turn % 3 == 0:
            producer.abort_transaction(PATIENCE_S)
            committed = {(p.topic, p.partition): p.offset for p in source.committed(source.assignment(), PATIENCE_S)}
            for place in source.assignment():
                place.offset = max(committed[(place.topic, place.partition)], 0)
                source.seek(place)
        else:
            producer.commit_transaction(PATIENCE_S)
            done += len(records)
    source.close()
    out = consumer("librdkafka-out", **{"isolation.level": "read_committed"})
    out.assign([TopicPartition("librdkafka-out", 0, 0)])
    values = [r.value() for r in read([out], 100)]
    assert sorted(values, key=int) == [b"%d" % i for i in range(100)], values
    assert out.poll(1.0) is None
    out.close()
    every = consumer("librdkafka-all", **{"isolation.level": "read_uncommitted"})
    every.assign([TopicPartition("librdkafka-out", 0, 0)])
    assert any(r.value().endswith(b"aborted") for r in read([every], 101))
    every.close()


def fenced():
    create("librdkafka-fenced", 1)
    settings = {"bootstrap.servers": BOOTSTRAP, "transactional.id": "librdkafka-fenced"}
    old = Producer(settings)
    old.init_transactions(PATIENCE_S)
    old.begin_transaction()
    old.produce("librdkafka-fenced", "old")
    old.flush(PATIENCE_S)
    new = Producer(settings)
    new.init_transactions(PATIENCE_S)
    try:
        old.commit_transaction(PATIENCE_S)
        raise AssertionError("the old producer may still commit")
    except KafkaException as e:
        assert e.args[0].code() in (KafkaError._FENCED, KafkaError.PRODUCER_FENCED, KafkaError.INVALID_PRODUCER_EPOCH), e
    new.begin_transaction()
    new.produce("librdkafka-fenced", "new")
    new.commit_transaction(PATIENCE_S)
    out = consumer("librdkafka-fenced", **{"isolation.level": "read_committed"})
    out.assign([TopicPartition("librdkafka-fenced", 0, 0)])
    assert [r.value() for r in read([out], 1)] == [b"new"]
    out.close()


def admin():
    client = AdminClient({"bootstrap.servers": BOOTSTRAP})
    create("librdkafka-admin", 1)
    for future in client.create_partitions([NewPartitions("librdkafka-admin", 3)]).values():
        future.result(PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while len(client.list_topics("librdkafka-admin", timeout=PATIENCE_S).topics["librdkafka-admin"].partitions) != 3:
        assert time.monotonic() < deadline
    resource = ConfigResource(ConfigResource.Type.TOPIC, "librdkafka-admin", set_config={"retention.ms": "60000"})
    for future in client.alter_configs([resource]).values():
        future.result(PATIENCE_S)
    for future in client.describe_configs([resource]).values():
        assert future.result(PATIENCE_S)["retention.ms"].value == "60000"
    produce("librdkafka-admin", ["a"])
    member = consumer("librdkafka-admin")
    member.subscribe(["librdkafka-admin"])
    read([member], 1)
    groups = {g.id: g for g in client.list_groups(timeout=PATIENCE_S)}
    assert groups["librdkafka-admin"].state == "Stable", groups
    assert len(groups["librdkafka-admin"].members) == 1, groups
    member.close()
    for future in client.delete_topics(["librdkafka-admin"]).values():
        future.result(PATIENCE_S)


def topic_made_anew():
    topic = "librdkafka-anew"
    create(topic, 1)
    client = AdminClient({"bootstrap.servers": BOOTSTRAP})
    failed = []
    producer = Producer(
        {
            "bootstrap.servers": BOOTSTRAP,
            "enable.idempotence": True,
            "topic.metadata.refresh.interval.ms": 200,
            "error_cb": lambda error: failed.append(error) if error.fatal() else None,
        }
    )

    def send(value):
        producer.produce(topic, value, on_delivery=lambda e, m: failed.append(e) if e else None)
        assert producer.flush(PATIENCE_S) == 0
        assert not failed, failed

    for turn in range(3):
        for i in range(5):
            send("%d-%d" % (turn, i))
        reader = consumer("%s-%d" % (topic, turn))
        reader.assign([TopicPartition(topic, 0, 0)])
        assert [r.value() for r in read([reader], 5)] == [b"%d-%d" % (turn, i) for i in range(5)]
        reader.close()
        for future in client.delete_topics([topic]).values():
            future.result(PATIENCE_S)
        create(topic, 1)


PROGRAMS = (eager, cooperative, static_member, transactions, fenced, admin, topic_made_anew)
{f.__name__: f for f in PROGRAMS}[sys.argv[2]]()
print("done: " + sys.argv[2])
