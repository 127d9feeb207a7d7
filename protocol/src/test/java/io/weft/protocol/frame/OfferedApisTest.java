package io.weft.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfferedApisTest {
  private static final OfferedApis ALL = OfferedApis.of(List.of(ApiKeys.values()));

  /// The table of `kafka-api.md`: a change here is a change of what we promise.
  @ParameterizedTest
  @CsvSource({
    "PRODUCE, 0, 13",
    "FETCH, 4, 18",
    "LIST_OFFSETS, 1, 11",
    "METADATA, 0, 13",
    "OFFSET_COMMIT, 2, 10",
    "FIND_COORDINATOR, 0, 6",
    "JOIN_GROUP, 0, 9",
    "API_VERSIONS, 0, 5",
    "CREATE_TOPICS, 2, 7",
    "DELETE_TOPICS, 1, 6",
    "INIT_PRODUCER_ID, 0, 5",
    "OFFSET_FOR_LEADER_EPOCH, 2, 4",
    "DESCRIBE_CONFIGS, 1, 4",
    "ALTER_CONFIGS, 0, 2",
    "DESCRIBE_LOG_DIRS, 1, 5",
    "CREATE_PARTITIONS, 0, 3",
    "INCREMENTAL_ALTER_CONFIGS, 0, 1",
    "DESCRIBE_CLUSTER, 0, 2",
    "DESCRIBE_TOPIC_PARTITIONS, 0, 0",
  })
  void showsTheRangesOfABroker(ApiKeys key, short min, short max) {
    ApiVersion range = ALL.advertised().find(key.id);

    assertThat(range.minVersion()).isEqualTo(min);
    assertThat(range.maxVersion()).isEqualTo(max);
  }

  @Test
  void showsOnlyWhatIsAnswered() {
    OfferedApis offered = OfferedApis.of(List.of(ApiKeys.METADATA, ApiKeys.API_VERSIONS));

    assertThat(offered.advertised())
        .extracting(ApiVersion::apiKey)
        .containsExactly(ApiKeys.METADATA.id, ApiKeys.API_VERSIONS.id);
  }

  @Test
  void leavesOutWhatNoBrokerAnswers() {
    assertThat(ALL.offers(ApiKeys.BROKER_REGISTRATION)).isFalse();
    assertThat(ALL.advertised().find(ApiKeys.BROKER_REGISTRATION.id)).isNull();
  }

  @Test
  void refusesTheProduceVersionsItShowsForOldClientsOnly() {
    assertThat(ALL.accepts(ApiKeys.PRODUCE, (short) 2)).isFalse();
    assertThat(ALL.accepts(ApiKeys.PRODUCE, (short) 3)).isTrue();
  }
}
