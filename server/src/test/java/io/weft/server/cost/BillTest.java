package io.weft.server.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weft.server.cost.Activity.Use;
import io.weft.server.cost.StoredTopics.TopicBytes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// A bill is requests, bytes and storage by their prices, and Kafka's is what is published for it.
class BillTest {
  private static final Offset<Double> CENT = within(0.01);
  private static final PriceTable STANDARD = PriceFile.read("s3-standard");
  private static final PriceTable EXPRESS = PriceFile.read("s3-express");

  private static Activity one(Usage perSecond, double storedBytes) {
    return new Activity(
        1 << 20,
        0,
        storedBytes,
        0,
        new TreeMap<>(Map.of(new Use(Activity.BUCKET, "ingest"), perSecond)));
  }

  private static double monthUsd(Usage perSecond, PriceTable prices) {
    return Bill.of(one(perSecond, 0), prices, prices).totalUsd() * Bill.HOURS_PER_MONTH;
  }

  @Test
  void oneRequestASecondCostsAMonthWhatListPricesSay() {
    assertThat(monthUsd(Usage.puts(1, 0), STANDARD)).isCloseTo(12.96, CENT);
    assertThat(monthUsd(Usage.puts(1, 0), EXPRESS)).isCloseTo(2.93, CENT);
    assertThat(monthUsd(Usage.gets(1, 0), STANDARD)).isCloseTo(1.04, CENT);
    assertThat(monthUsd(Usage.gets(1, 0), EXPRESS)).isCloseTo(0.078, within(0.001));
    assertThat(monthUsd(Usage.deletes(1_000), STANDARD)).isZero();
    Usage lists = new Usage(new Requests(0, 1, 0, 0), Requests.NONE, 0, 0);
    assertThat(monthUsd(lists, STANDARD)).isCloseTo(12.96, CENT);
  }

  @Test
  void bytesCostOnExpressAlone() {
    Usage moved = new Usage(Requests.NONE, Requests.NONE, 2e9, 1e9);
    assertThat(monthUsd(moved, STANDARD)).isZero();
    assertThat(Bill.of(one(moved, 0), EXPRESS, STANDARD).totalUsd())
        .isCloseTo(3_600 * (2 * 0.0032 + 0.0006), CENT);
  }

  @Test
  void whatTheStoreFailsAtIsBilledOnlyWhereItSaysSo() {
    Usage failed = new Usage(Requests.NONE, new Requests(1, 0, 0, 0), 0, 0);
    assertThat(monthUsd(failed, STANDARD)).isZero();
    assertThat(monthUsd(failed, PriceFile.read("azure"))).isPositive();
  }

  @Test
  void storageZonesAndTheJournalAddUp() {
    Activity activity =
        new Activity(
            1L << 30,
            0,
            5e12,
            1e9,
            new TreeMap<>(
                Map.of(
                    new Use(Activity.BUCKET, "ingest"), Usage.puts(1, 0),
                    new Use(Activity.JOURNAL, "journal"), Usage.puts(1, 0))));
    Bill bill = Bill.of(activity, EXPRESS, STANDARD);
    assertThat(bill.storageUsd() * Bill.HOURS_PER_MONTH).isCloseTo(550, CENT);
    assertThat(bill.zonesUsd()).isCloseTo(72, CENT);
    assertThat(bill.storesUsd() * Bill.HOURS_PER_MONTH).isCloseTo(2.93 + 12.96, CENT);
    assertThat(bill.perGibUsd()).isCloseTo(bill.totalUsd() / 3_600, within(1e-12));
    Activity idle = new Activity(0, 0, 5e12, 0, new TreeMap<>());
    assertThat(Bill.of(idle, EXPRESS, STANDARD).perGibUsd()).isZero();
  }

  /// 140 MiB/s and three consumers in their zones: about $676 a day, of which $641 is published.
  @ParameterizedTest
  @CsvSource({"true, 676", "false, 1184"})
  void kafkasNetworkCostsWhatTheFormulaSays(boolean followerFetching, double usdPerDay) {
    double in = 140 << 20;
    Activity activity = new Activity(in, 3 * in, 0, 0, new TreeMap<>());
    KafkaBill kafka = KafkaBill.of(activity, STANDARD, followerFetching);
    assertThat(kafka.networkUsd() * 24).isCloseTo(usdPerDay, within(1.0));
    assertThat(kafka.disksUsd()).isZero();
  }

  @Test
  void kafkasDisksKeepThreeCopiesAndSpareRoom() {
    Activity activity = new Activity(0, 0, 1e12, 0, new TreeMap<>());
    KafkaBill kafka = KafkaBill.of(activity, STANDARD, false);
    assertThat(kafka.totalUsd() * Bill.HOURS_PER_MONTH).isCloseTo(1_000 * 3 * 1.5 * 0.08, CENT);
  }

  @Test
  void aTopicPaysForWhatIsStoredAndWhatIsWrittenOfIt() {
    Bill bill = Bill.of(one(Usage.puts(1, 0), 4e12), STANDARD, STANDARD);
    List<TopicBytes> topics =
        List.of(new TopicBytes("a", 3e12, 0), new TopicBytes("b \"quoted\"", 1e12, 10));
    assertThat(BillText.usd(bill, topics, topics.get(0)))
        .isCloseTo(bill.storageUsd() * 3 / 4, within(1e-9));
    assertThat(BillText.usd(bill, topics, topics.get(1)))
        .isCloseTo(bill.storageUsd() / 4 + bill.storesUsd(), within(1e-9));
    KafkaBill kafka = KafkaBill.of(bill.activity(), STANDARD, true);
    assertThat(BillText.lines(bill, kafka, topics, List.of("a note")))
        .anyMatch(line -> line.startsWith("bucket   ingest "))
        .anyMatch(line -> line.startsWith("b \"quoted\" "))
        .endsWith("a note");
    // JSON is YAML.
    Map<?, ?> json =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(BillJson.of(bill, kafka, topics, STANDARD, EXPRESS));
    assertThat(json.get("totalUsd")).asString().startsWith("0.1457");
    assertThat(json.get("rows"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(1);
    assertThat(json.get("topics")).asString().contains("b \"quoted\"");
  }
}
