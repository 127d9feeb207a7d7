package io.weft.agent.api.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.agent.api.TestApi;
import io.weft.agent.network.Answer;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.state.RunBuilder;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The APIs of transactions, answer by answer.
class TransactionsApiTest {
  private static final AgentId AGENT = new AgentId(0);
  private static final TopicId TOPIC = new TopicId(1, 2);

  private final TestApi api = new TestApi();

  @BeforeEach
  void create() {
    api.controlPlane.create(new NewTopic(TOPIC, "t", 3, (short) 1, Map.of()));
  }

  private AbstractResponse ask(ApiKeys key, int version, ApiMessage data)
      throws InterruptedException {
    // As it comes over the wire: the builders would refuse what a raw client can say.
    return api.ask(
        AbstractRequest.parseRequest(
                key, (short) version, MessageUtil.toByteBufferAccessor(data, (short) version))
            .request);
  }

  private InitProducerIdResponseData init(int version, InitProducerIdRequestData data)
      throws InterruptedException {
    return (InitProducerIdResponseData) ask(ApiKeys.INIT_PRODUCER_ID, version, data).data();
  }

  private InitProducerIdResponseData init(String id) throws InterruptedException {
    return init(
        5, new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(60_000));
  }

  private EndTxnResponseData end(int version, long producerId, int epoch, boolean commit)
      throws InterruptedException {
    EndTxnRequestData data =
        new EndTxnRequestData()
            .setTransactionalId("pay")
            .setProducerId(producerId)
            .setProducerEpoch((short) epoch)
            .setCommitted(commit);
    return (EndTxnResponseData) ask(ApiKeys.END_TXN, version, data).data();
  }

  private static AddPartitionsToTxnTopicCollection partitions(Map<String, List<Integer>> names) {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    names.forEach(
        (name, numbers) ->
            topics.add(new AddPartitionsToTxnTopic().setName(name).setPartitions(numbers)));
    return topics;
  }

  private Map<Errors, Integer> add(
      int version, long producerId, int epoch, Map<String, List<Integer>> names)
      throws InterruptedException {
    return ask(
            ApiKeys.ADD_PARTITIONS_TO_TXN,
            version,
            new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId("pay")
                .setV3AndBelowProducerId(producerId)
                .setV3AndBelowProducerEpoch((short) epoch)
                .setV3AndBelowTopics(partitions(names)))
        .errorCounts();
  }

  private Map<Errors, Integer> addBatched(
      String id, InitProducerIdResponseData producer, boolean verify, List<Integer> numbers)
      throws InterruptedException {
    AddPartitionsToTxnTransactionCollection all = new AddPartitionsToTxnTransactionCollection();
    all.add(
        new AddPartitionsToTxnTransaction()
            .setTransactionalId(id)
            .setProducerId(producer.producerId())
            .setProducerEpoch(producer.producerEpoch())
            .setVerifyOnly(verify)
            .setTopics(partitions(Map.of("t", numbers))));
    Map<Errors, Integer> counts =
        new TreeMap<>(
            ask(
                    ApiKeys.ADD_PARTITIONS_TO_TXN,
                    5,
                    new AddPartitionsToTxnRequestData().setTransactions(all))
                .errorCounts());
    // The answer's own error, which there is beside those of the partitions.
    counts.merge(Errors.NONE, -1, Integer::sum);
    counts.remove(Errors.NONE, 0);
    return counts;
  }

  @Test
  void aProducerBeginsAndFencesItsForerunner() throws Exception {
    InitProducerIdResponseData first = init("pay");
    InitProducerIdResponseData second = init("pay");

    assertThat(first.errorCode()).isZero();
    assertThat(second.producerId()).isEqualTo(first.producerId());
    assertThat(second.producerEpoch()).isEqualTo((short) (first.producerEpoch() + 1));
  }

  @ParameterizedTest(name = "version {0}: {1}")
  @CsvSource({"3, INVALID_PRODUCER_EPOCH", "4, PRODUCER_FENCED", "5, PRODUCER_FENCED"})
  void anOutdatedProducerIsFencedInTheWordsOfItsVersion(int version, Errors error)
      throws Exception {
    InitProducerIdResponseData old = init("pay");
    init("pay");
    InitProducerIdResponseData answer =
        init(
            version,
            new InitProducerIdRequestData()
                .setTransactionalId("pay")
                .setTransactionTimeoutMs(1_000)
                .setProducerId(old.producerId())
                .setProducerEpoch(old.producerEpoch()));

    assertThat(answer.errorCode()).isEqualTo(error.code());
  }

  @Test
  void twoPhaseCommitIsRefused() throws Exception {
    InitProducerIdRequestData data =
        new InitProducerIdRequestData().setTransactionalId("pay").setTransactionTimeoutMs(1_000);

    assertThat(init(6, data.duplicate().setEnable2Pc(true)).errorCode())
        .isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
    assertThat(init(6, data.duplicate().setKeepPreparedTxn(true)).errorCode())
        .isEqualTo(Errors.UNSUPPORTED_VERSION.code());
  }

  @Test
  void allPartitionsAreAddedOrNone() throws Exception {
    InitProducerIdResponseData producer = init("pay");

    assertThat(add(3, producer.producerId(), 0, Map.of("t", List.of(0, 9), "nowhere", List.of(0))))
        .isEqualTo(Map.of(Errors.OPERATION_NOT_ATTEMPTED, 1, Errors.UNKNOWN_TOPIC_OR_PARTITION, 2));
    assertThat(end(3, producer.producerId(), 0, true).errorCode())
        .isEqualTo(Errors.INVALID_TXN_STATE.code());
    assertThat(add(3, producer.producerId(), 0, Map.of("t", List.of(0, 1))))
        .isEqualTo(Map.of(Errors.NONE, 2));
    assertThat(add(3, producer.producerId() + 9, 0, Map.of("t", List.of(0))))
        .isEqualTo(Map.of(Errors.INVALID_PRODUCER_ID_MAPPING, 1));
    assertThat(add(3, -1, -1, Map.of("t", List.of(0))))
        .isEqualTo(Map.of(Errors.INVALID_PRODUCER_ID_MAPPING, 1));
    assertThat(add(1, producer.producerId(), 4, Map.of("t", List.of(0))))
        .isEqualTo(Map.of(Errors.INVALID_PRODUCER_EPOCH, 1));
    assertThat(add(2, producer.producerId(), 4, Map.of("t", List.of(0))))
        .isEqualTo(Map.of(Errors.PRODUCER_FENCED, 1));
  }

  @Test
  void brokersMayAddAndVerify() throws Exception {
    InitProducerIdResponseData producer = init("pay");

    assertThat(addBatched("pay", producer, false, List.of(0, 1))).isEqualTo(Map.of(Errors.NONE, 2));
    assertThat(addBatched("pay", producer, true, List.of(0, 2)))
        .isEqualTo(Map.of(Errors.NONE, 1, Errors.TRANSACTION_ABORTABLE, 1));
    assertThat(addBatched("other", producer, true, List.of(0)))
        .isEqualTo(Map.of(Errors.INVALID_PRODUCER_ID_MAPPING, 1));
    init("pay");
    assertThat(addBatched("pay", producer, true, List.of(0)))
        .isEqualTo(Map.of(Errors.PRODUCER_FENCED, 1));
  }

  @ParameterizedTest
  @CsvSource({"0, INVALID_PRODUCER_EPOCH", "4, PRODUCER_FENCED"})
  void groupsAreAdded(int version, Errors fenced) throws Exception {
    InitProducerIdResponseData producer = init("pay");
    AddOffsetsToTxnRequestData data =
        new AddOffsetsToTxnRequestData()
            .setTransactionalId("pay")
            .setProducerId(producer.producerId())
            .setProducerEpoch(producer.producerEpoch())
            .setGroupId("g");

    assertThat(ask(ApiKeys.ADD_OFFSETS_TO_TXN, version, data).errorCounts())
        .containsOnlyKeys(Errors.NONE);
    data.setProducerEpoch((short) 7);
    assertThat(ask(ApiKeys.ADD_OFFSETS_TO_TXN, version, data).errorCounts())
        .containsOnlyKeys(fenced);
    data.setTransactionalId("");
    assertThat(ask(ApiKeys.ADD_OFFSETS_TO_TXN, version, data).errorCounts())
        .containsOnlyKeys(Errors.INVALID_REQUEST);
  }

  @Test
  void anEndGivesTheNextEpochAndALateOneIsFenced() throws Exception {
    InitProducerIdResponseData producer = init("pay");
    long id = producer.producerId();
    addBatched("pay", producer, false, List.of(0));

    assertThat(List.of(end(5, id, 0, true), end(5, id, 0, true)))
        .extracting(EndTxnResponseData::errorCode, EndTxnResponseData::producerEpoch)
        .containsOnly(tuple((short) 0, (short) 1));
    addBatched("pay", producer.setProducerEpoch((short) 1), false, List.of(0));
    assertThat(end(5, id, 0, true).errorCode()).isEqualTo(Errors.PRODUCER_FENCED.code());
    assertThat(end(5, id, 1, false).errorCode()).isZero();
  }

  /// KAFKA-17754. Nobody waits for the answer to a late copy, and a producer that means it asks
  /// again on a new connection: so the old one is closed.
  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3", "4"})
  void anEndOnAConnectionThatWasLeftCostsTheConnection(int version) throws Exception {
    long id = init("pay").producerId();
    api.useConnection(2);
    add(1, id, 0, Map.of("t", List.of(0)));

    api.useConnection(1);
    EndTxnRequestData data =
        new EndTxnRequestData().setTransactionalId("pay").setProducerId(id).setCommitted(true);
    assertThat(
            api.answer(
                new EndTxnRequest.Builder(data, false).build((short) version), "a late copy"))
        .isInstanceOf(Answer.Close.class);
    api.useConnection(3);
    assertThat(end(version, id, 0, false).errorCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3", "4"})
  void anOldClientKeepsItsEpoch(int version) throws Exception {
    long id = init("pay").producerId();
    add(1, id, 0, Map.of("t", List.of(0)));

    assertThat(end(version, id, 0, true).errorCode()).isZero();
    assertThat(end(version, id, 0, true).errorCode()).isZero();
    assertThat(end(version, id, 0, false).errorCode()).isEqualTo(Errors.INVALID_TXN_STATE.code());
    assertThat(end(version, id, 3, false).errorCode())
        .isEqualTo((version < 2 ? Errors.INVALID_PRODUCER_EPOCH : Errors.PRODUCER_FENCED).code());
    assertThat(end(version, -1, -1, false).errorCode())
        .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING.code());
  }

  @Test
  void transactionsAreDescribed() throws Exception {
    InitProducerIdResponseData producer = init("pay");
    addBatched("pay", producer, false, List.of(2, 0));
    DescribeTransactionsResponseData answer =
        (DescribeTransactionsResponseData)
            ask(
                    ApiKeys.DESCRIBE_TRANSACTIONS,
                    0,
                    new DescribeTransactionsRequestData()
                        .setTransactionalIds(List.of("pay", "nobody", "")))
                .data();

    assertThat(answer.transactionStates())
        .extracting(state -> state.transactionalId(), state -> Errors.forCode(state.errorCode()))
        .containsExactly(
            tuple("pay", Errors.NONE),
            tuple("nobody", Errors.TRANSACTIONAL_ID_NOT_FOUND),
            tuple("", Errors.INVALID_REQUEST));
    assertThat(answer.transactionStates().getFirst().transactionState()).isEqualTo("Ongoing");
    assertThat(answer.transactionStates().getFirst().topics().find("t").partitions())
        .containsExactly(0, 2);
  }

  @Test
  void transactionsAreListedByWhatIsAsked() throws Exception {
    InitProducerIdResponseData pay = init("pay");
    init("play");
    addBatched("pay", pay, false, List.of(0));

    assertThat(listed(new ListTransactionsRequestData())).containsExactly("pay", "play");
    assertThat(listed(new ListTransactionsRequestData().setStateFilters(List.of("Ongoing"))))
        .containsExactly("pay");
    assertThat(listed(new ListTransactionsRequestData().setStateFilters(List.of("PrepareAbort"))))
        .isEmpty();
    assertThat(
            listed(
                new ListTransactionsRequestData().setProducerIdFilters(List.of(pay.producerId()))))
        .containsExactly("pay");
    assertThat(listed(new ListTransactionsRequestData().setTransactionalIdPattern("p.a.*")))
        .containsExactly("play");
    ListTransactionsResponseData odd =
        list(new ListTransactionsRequestData().setStateFilters(List.of("Odd", "Empty")));
    assertThat(odd.unknownStateFilters()).containsExactly("Odd");
    assertThat(odd.transactionStates()).hasSize(1);
    assertThat(list(new ListTransactionsRequestData().setTransactionalIdPattern("(")).errorCode())
        .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION.code());
    String deep = "(.?){1000}(.?){1000}(.?){1000}(.?){1000}b";
    assertThat(list(new ListTransactionsRequestData().setTransactionalIdPattern(deep)).errorCode())
        .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION.code());
  }

  @Test
  void whatIsAskedForTwiceIsDescribedTwice() throws Exception {
    init("pay");
    DescribeTransactionsResponseData described =
        (DescribeTransactionsResponseData)
            ask(
                    ApiKeys.DESCRIBE_TRANSACTIONS,
                    0,
                    new DescribeTransactionsRequestData()
                        .setTransactionalIds(List.of("pay", "none", "pay")))
                .data();
    assertThat(described.transactionStates())
        .extracting(each -> each.transactionalId() + each.errorCode())
        .containsExactly("pay0", "none" + Errors.TRANSACTIONAL_ID_NOT_FOUND.code(), "pay0");
  }

  @Test
  void eachIdIsListedByOneAgent() throws Exception {
    for (int i = 0; i < 20; i++) {
      init("id-" + i);
    }
    api.controlPlane.addAgent(1, "", "other", 9092);
    api.catalog.fresh();

    assertThat(listed(new ListTransactionsRequestData())).hasSizeBetween(1, 19);
  }

  private void place(int partition, long producerId, int epoch, int sequence, int records) {
    api.controlPlane.commit(
        AGENT,
        RunBuilder.run(new PartitionId(TOPIC, partition))
            .under("pay")
            .added(producerId, epoch, sequence, records)
            .build());
  }

  @Test
  void producersAreDescribed() throws Exception {
    api.controlPlane.as(Producers.class).leaseIds(AGENT, 6);
    for (int epoch = 0; epoch <= 2; epoch++) {
      init("pay");
    }
    add(3, 7, 2, Map.of("t", List.of(1)));
    place(1, 7, 2, 0, 11);
    end(4, 7, 2, true); // Its marker is at offset 11.
    add(3, 7, 2, Map.of("t", List.of(1)));
    place(1, 7, 2, 11, 31);
    DescribeProducersRequestData asked = new DescribeProducersRequestData();
    asked.topics().add(new TopicRequest().setName("t").setPartitionIndexes(List.of(1, 8)));
    var partitions =
        ((DescribeProducersResponseData) ask(ApiKeys.DESCRIBE_PRODUCERS, 0, asked).data())
            .topics()
            .getFirst()
            .partitions();

    assertThat(partitions.get(0).activeProducers())
        .containsExactly(
            new ProducerState()
                .setProducerId(7)
                .setProducerEpoch(2)
                .setLastSequence(41)
                .setLastTimestamp(1_000)
                .setCoordinatorEpoch(0)
                .setCurrentTxnStartOffset(12));
    assertThat(partitions.get(1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void whileTheControlPlaneIsAwayClientsAreToldToTryAgain() throws Exception {
    long id = init("pay").producerId();
    api.controlPlane.setAway(true);

    assertThat(Errors.forCode(init("pay").errorCode()))
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    assertThat(Errors.forCode(end(5, id, 0, true).errorCode()))
        .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(add(3, id, 0, Map.of("t", List.of(0))))
        .containsOnlyKeys(Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(Errors.forCode(list(new ListTransactionsRequestData()).errorCode()))
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
  }

  private ListTransactionsResponseData list(ListTransactionsRequestData data)
      throws InterruptedException {
    return (ListTransactionsResponseData) ask(ApiKeys.LIST_TRANSACTIONS, 2, data).data();
  }

  private List<String> listed(ListTransactionsRequestData data) throws InterruptedException {
    return list(data).transactionStates().stream().map(TransactionState::transactionalId).toList();
  }
}
