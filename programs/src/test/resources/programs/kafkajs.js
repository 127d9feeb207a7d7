// Programs on KafkaJS. Arguments: bootstrap server, name of a program.
'use strict';

const assert = require('assert');
const { Kafka, logLevel, ConfigResourceTypes } = require('kafkajs');

const WAIT_MS_MAX = 120000;
const [bootstrap, program] = process.argv.slice(2);
const kafka = new Kafka({ clientId: 'kafkajs', brokers: [bootstrap], logLevel: logLevel.ERROR });

const numbers = (count) => Array.from({ length: count }, (_, i) => String(i));
const byNumber = (a, b) => Number(a) - Number(b);
const newConsumer = (groupId) => kafka.consumer({ groupId, sessionTimeout: 30000, heartbeatInterval: 500, rebalanceTimeout: 30000 });

async function withAdmin(work) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

const create = (topic, numPartitions) =>
  withAdmin((admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions }] }));

async function send(topic, values, settings = {}) {
  const producer = kafka.producer(settings);
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: value, value })) });
  await producer.disconnect();
}

async function until(what, condition) {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (!(await condition())) {
    assert(Date.now() < deadline, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// What a group of its own reads until there are so many.
async function readAll(topic, count) {
  const consumer = newConsumer('reader-' + topic);
  const values = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => values.push(message.value.toString()) });
  await until(`${count} records of ${topic}`, () => values.length >= count);
  await consumer.disconnect();
  return values;
}

const programs = {
  async producer() {
    await create('kafkajs-idempotent', 3);
    await send('kafkajs-idempotent', numbers(200), { idempotent: true, maxInFlightRequests: 1 });
    assert.deepStrictEqual((await readAll('kafkajs-idempotent', 200)).sort(byNumber), numbers(200));
  },

  async group() {
    await create('kafkajs-group', 4);
    const values = [];
    const shares = new Map();
    const members = [];
    const join = async (name) => {
      const consumer = newConsumer('kafkajs-group');
      members.push(consumer);
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
        shares.set(name, (payload.memberAssignment['kafkajs-group'] || []).length));
      await consumer.connect();
      await consumer.subscribe({ topic: 'kafkajs-group', fromBeginning: true });
      await consumer.run({ eachMessage: async ({ message }) => values.push(message.value.toString()) });
    };
    await join('first');
    await until('the first has all', () => shares.get('first') === 4);
    await join('second');
    await until('two each', () => shares.get('first') === 2 && shares.get('second') === 2);
    await send('kafkajs-group', numbers(200));
    await until('all records', () => values.length >= 200);
    await members[0].disconnect();
    await until('the second has all', () => shares.get('second') === 4);
    await send('kafkajs-group', ['200']);
    await until('one more', () => values.length >= 201);
    await members[1].disconnect();
    assert.deepStrictEqual(values.sort(byNumber), numbers(201));
    const [{ partitions }] = await withAdmin((admin) =>
      admin.fetchOffsets({ groupId: 'kafkajs-group', topics: ['kafkajs-group'] }));
    assert.strictEqual(partitions.reduce((sum, { offset }) => sum + Math.max(Number(offset), 0), 0), 201);
  },

  async transaction() {
    await create('kafkajs-in', 1);
    await create('kafkajs-out', 1);
    await send('kafkajs-in', numbers(10));
    const producer = kafka.producer({ transactionalId: 'kafkajs', idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const write = async (value, end) => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'kafkajs-out', messages: [{ value }] });
      await transaction.sendOffsets({
        consumerGroupId: 'kafkajs-transaction',
        topics: [{ topic: 'kafkajs-in', partitions: [{ partition: 0, offset: value }] }],
      });
      await transaction[end]();
    };
    await write('3', 'commit');
    await write('7', 'abort');
    await write('5', 'commit');
    await producer.disconnect();
    assert.deepStrictEqual(await readAll('kafkajs-out', 2), ['3', '5']);
    const [{ partitions }] = await withAdmin((admin) =>
      admin.fetchOffsets({ groupId: 'kafkajs-transaction', topics: ['kafkajs-in'] }));
    assert.deepStrictEqual(partitions.map(({ offset }) => offset), ['5']);
  },

  async topicMadeAnew() {
    const topic = 'kafkajs-anew';
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await create(topic, 1);
    await producer.connect();
    for (let turn = 0; turn < 3; turn++) {
      for (const value of numbers(5)) {
        await producer.send({ topic, acks: -1, messages: [{ value: `${turn}-${value}` }] });
      }
      const offsets = await withAdmin((admin) => admin.fetchTopicOffsets(topic));
      assert.deepStrictEqual(offsets.map(({ high }) => high), ['5']);
      await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
      await create(topic, 1);
    }
    await producer.disconnect();
  },

  async admin() {
    await withAdmin(async (admin) => {
      await create('kafkajs-admin', 1);
      await admin.createPartitions({ topicPartitions: [{ topic: 'kafkajs-admin', count: 2 }] });
      const resource = { type: ConfigResourceTypes.TOPIC, name: 'kafkajs-admin' };
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '60000' }] }],
      });
      const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
      assert.strictEqual(resources[0].configEntries.find((e) => e.configName === 'retention.ms').configValue, '60000');
      await send('kafkajs-admin', numbers(20));
      assert.strictEqual((await readAll('kafkajs-admin', 20)).length, 20);
      const { groups } = await admin.listGroups();
      assert(groups.some(({ groupId }) => groupId === 'reader-kafkajs-admin'));
      const described = await admin.describeGroups(['reader-kafkajs-admin']);
      assert.strictEqual(described.groups[0].state, 'Empty');
      await admin.resetOffsets({ groupId: 'reader-kafkajs-admin', topic: 'kafkajs-admin', earliest: true });
      const offsets = await admin.fetchTopicOffsets('kafkajs-admin');
      await admin.deleteTopicRecords({
        topic: 'kafkajs-admin',
        partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
      });
      for (const { low, high } of await admin.fetchTopicOffsets('kafkajs-admin')) {
        assert.strictEqual(low, high);
      }
      await admin.deleteGroups(['reader-kafkajs-admin']);
      await admin.deleteTopics({ topics: ['kafkajs-admin'] });
    });
  },
};

programs[program]().then(
  () => {
    console.log('done: ' + program);
    process.exit(0);
  },
  (error) => {
    console.log(error.stack);
    process.exit(1);
  },
);
