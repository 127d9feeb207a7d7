package io.weft.server.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What processes show is added up, and each attempt is in the class that is billed for it.
class CountedTest {
  private static final String AGENT =
      """
      # TYPE weft_store_requests_total counter
      weft_store_requests_total{operation="put_if_absent",outcome="ok",purpose="ingest",store="bucket"} 10.0
      weft_store_requests_total{operation="put_if_absent",outcome="deferred",purpose="ingest",store="bucket"} 2.0
      weft_store_requests_total{operation="put_if_absent",outcome="unavailable",purpose="ingest",store="bucket"} 3.0
      weft_store_requests_total{operation="read",outcome="not_found",purpose="history",store="bucket"} 1.0
      weft_store_requests_total{operation="stat",outcome="rejected",purpose="history",store="bucket"} 1.0
      weft_store_requests_total{operation="list",outcome="ok",purpose="probe",store="bucket"} 1.0
      weft_store_requests_total{operation="delete",outcome="ok",purpose="clean_up",store="bucket"} 1.0
      weft_store_bytes_total{operation="put_if_absent",purpose="ingest",store="bucket"} 1.0E6
      weft_store_bytes_total{operation="read",purpose="history",store="bucket"} 500.0
      weft_produce_bytes_total 900000.0
      weft_fetch_bytes_total 1800000.0
      weft_store_requests_total{operation="put",outcome="ok",purpose="ingest",store="bucket"} NaN
      weft_store_requests_total{ 7
      nonsense
      """;

  private static final Counted NOTHING = Counted.of(MetricsText.of(""));

  private static Optional<Activity> between(Counted before, Counted after) {
    return Counted.between(List.of(before), List.of(after), 1, 0);
  }

  @Test
  void attemptsAreBilledUnlessTheStoreFailed() {
    Counted agent = Counted.of(MetricsText.of(AGENT));
    Activity activity =
        Counted.between(List.of(NOTHING, NOTHING), List.of(agent, agent), 2, 7).orElseThrow();
    assertThat(activity.of("bucket", "ingest"))
        .isEqualTo(new Usage(new Requests(12, 0, 0, 0), new Requests(3, 0, 0, 0), 1e6, 0));
    assertThat(activity.of("bucket", "history"))
        .isEqualTo(new Usage(new Requests(0, 0, 2, 0), Requests.NONE, 0, 500));
    assertThat(activity.of("bucket", "probe").answered()).isEqualTo(new Requests(0, 1, 0, 0));
    assertThat(activity.of("bucket", "clean_up").answered()).isEqualTo(new Requests(0, 0, 0, 1));
    assertThat(activity.inBytes()).isEqualTo(900_000);
    assertThat(activity.outBytes()).isEqualTo(1_800_000);
    assertThat(activity.storedBytes()).isEqualTo(7);
  }

  @Test
  void aProcessThatCountsAnewIsSeen() {
    Counted before = Counted.of(MetricsText.of(AGENT));
    assertThat(between(before, before).map(Activity::all)).contains(Usage.NONE);
    assertThat(between(before, NOTHING)).isEqualTo(Optional.empty());
    assertThat(between(before, withPuts(9))).isEmpty();
  }

  /// The one that rises has done more than the one that fell has lost.
  @Test
  void aProcessThatCountsAnewIsSeenBesideABusyOne() {
    Counted before = withPuts(10);
    List<Counted> both = List.of(before, before);
    assertThat(Counted.between(both, List.of(withPuts(1), withPuts(100)), 1, 0)).isEmpty();
    assertThat(Counted.between(both, List.of(withPuts(100), NOTHING), 1, 0)).isEmpty();
    assertThat(Counted.between(both, List.of(withPuts(11), withPuts(100)), 1, 0))
        .map(activity -> activity.of("bucket", "ingest").answered())
        .contains(new Requests(91, 0, 0, 0));
  }

  private static Counted withPuts(int puts) {
    String ten = "\"ok\",purpose=\"ingest\",store=\"bucket\"} 10.0";
    assertThat(AGENT).contains(ten);
    return Counted.of(MetricsText.of(AGENT.replace(ten, ten.replace("10.0", puts + ".0"))));
  }

  @Test
  void aTopicGrowsByWhatCameMeanwhile() {
    StoredTopics before = new StoredTopics(5_000_000_000L, Map.of("a", 100L, "b", 50L));
    StoredTopics after = new StoredTopics(7_000_000_000L, Map.of("a", 300L, "b", 20L));
    assertThat(after.sum()).isEqualTo(320);
    assertThat(after.since(before))
        .containsExactlyInAnyOrder(
            new StoredTopics.TopicBytes("a", 300, 100), new StoredTopics.TopicBytes("b", 20, 0));
  }
}
