package io.weft.server.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.weft.server.cost.Load.Tuning;
import io.weft.server.settings.SettingException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a load asks of its stores, by formula.
class ForecastTest {
  private static final double MIB = 1 << 20;

  private static Activity of(double inBytes, double readers, int zones, int agents) {
    return Forecast.of(new Load(inBytes, readers, 3_600, zones, agents, 0, Tuning.STANDARD));
  }

  private static Requests answered(Activity activity, String purpose) {
    return activity.of(Activity.BUCKET, purpose).answered();
  }

  /// Files are closed by time where little comes, and by size where much does.
  @ParameterizedTest
  @CsvSource({"1, 1, 4", "1, 6, 24", "192, 6, 24", "1024, 6, 128", "0, 6, 0"})
  void aFileIsPutWhenItIsFullOrItsTimeIsOver(double mib, int agents, double puts) {
    assertThat(answered(of(mib * MIB, 1, 3, agents), "ingest").puts()).isEqualTo(puts);
  }

  @ParameterizedTest
  @CsvSource({"3, 3, 256", "1, 3, 256", "0, 3, 0", "3, 1, 0", "3, 2, 128"})
  void eachZoneButTheWritersReadsAFileOnce(double readers, int zones, double gets) {
    assertThat(answered(of(1024 * MIB, readers, zones, 6), "live_read").gets()).isEqualTo(gets);
  }

  /// Of a longer file the first piece comes with half a chunk too much, then the footer is read.
  @ParameterizedTest
  @CsvSource({"12, 1, 12", "13, 3, 17.0625", "16, 3, 20.0625", "17, 4, 21.0625"})
  void aLongFileCostsItsFooterAndBytesThatComeTwice(int mib, double gets, double mibDown) {
    Tuning tuning = new Tuning(1_000_000, mib << 20, 8 << 20, 64 << 20, 60, 2);
    Activity activity = Forecast.of(new Load(mib * MIB, 1, 1, 2, 2, 0, tuning));
    Usage live = activity.of(Activity.BUCKET, "live_read");
    assertThat(live.answered().gets()).isEqualTo(gets);
    assertThat(live.bytesDown()).isEqualTo(mibDown * MIB);
    Usage merging = activity.of(Activity.BUCKET, "compaction");
    assertThat(merging.answered().gets()).isEqualTo(gets + mib / 64.0);
    assertThat(merging.bytesDown()).isEqualTo(mibDown * MIB);
  }

  /// Eight files of 8 MiB become one of 64 MiB, which stays.
  @Test
  void aByteIsMovedOnceForEachClassOfSize() {
    Usage merging = of(1024 * MIB, 0, 3, 6).of(Activity.BUCKET, "compaction");
    assertThat(merging.answered().puts()).isEqualTo(16);
    assertThat(merging.answered().gets()).isEqualTo(128 + 16);
    assertThat(merging.bytesUp()).isEqualTo(1024 * MIB);
    // 4 files a second of 64 KiB: 512 KiB, 4 MiB, 32 MiB, 64 MiB.
    Usage small = of(MIB / 4, 0, 3, 1).of(Activity.BUCKET, "compaction");
    assertThat(small.bytesUp()).isEqualTo(4 * MIB / 4);
    Load unmerged =
        new Load(1024 * MIB, 1, 1, 1, 1, 0, new Tuning(250, 8 << 20, 8 << 20, 0, 60, 2));
    assertThat(answered(Forecast.of(unmerged), "compaction")).isEqualTo(Requests.NONE);
  }

  @Test
  void theJournalMakesOneEntryAtATimeAndIsFollowed() {
    Requests busy = of(1024 * MIB, 1, 3, 6).of(Activity.JOURNAL, "journal").answered();
    assertThat(busy.puts()).isCloseTo(1_000.0 / 60, within(1e-9));
    assertThat(busy.gets()).isEqualTo(2);
    assertThat(of(0, 0, 3, 6).of(Activity.JOURNAL, "journal").answered().puts()).isEqualTo(0.75);
  }

  /// The bill that docs/cost.md shows: with files of 9 MiB, below 138 PUTs and 250 GETs a second
  /// and a twentieth of what Kafka's network costs.
  @Test
  void aGibASecondCostsASmallPartOfKafkasNetwork() {
    Load load =
        new PlanOptions(
                Map.of(
                    "--in", "1GiB/s", "--readers", "3", "--agents", "6", "--flush-bytes", "9MiB"))
            .load();
    Activity activity = Forecast.of(load);
    PriceTable prices = PriceFile.read("s3-standard");
    Bill bill = Bill.of(activity, prices, prices);
    KafkaBill kafka = KafkaBill.of(activity, prices, true);
    assertThat(answered(activity, "ingest").puts()).isLessThan(138);
    assertThat(answered(activity, "live_read").gets()).isLessThan(250);
    assertThat(bill.storesUsd() + bill.zonesUsd()).isLessThan(0.05 * kafka.networkUsd());
  }

  @Test
  void optionsHaveUnitsAndDefaults() {
    Load load = new PlanOptions(Map.of("--in", "1.5MiB/s", "--cross-zone", "50")).load();
    assertThat(load).isEqualTo(new Load(1.5 * MIB, 1, 86_400, 3, 3, 0.5, Tuning.STANDARD));
    assertThat(Forecast.of(load).zoneBytes()).isEqualTo(1.5 * MIB);
  }

  @ParameterizedTest
  @CsvSource({
    "--in, 100, --in is '100'; it must be bytes a second",
    "--in, 100MiB, --in is '100MiB'; it must be bytes a second",
    "--in, fast/s, --in is 'fast/s'; it must be bytes a second",
    "--retention, 7, --retention is '7'; it must be a time with a unit",
    "--retention, -7d, --retention is '-7d'; it must be a time",
    "--zones, 0, --zones is '0'; it must be a number from 1 to",
    "--agents, 1.5, --agents is '1.5'; it must be a whole number",
    "--readers, many, --readers is 'many'; it must be a number",
    "--agents, 2, '--agents is ''2''; with 3 zones it must be 3 at least, or 0'",
    "--flush-interval, 0s, --flush-interval is '0s'; it must be 1ms at least",
    "--flush-bytes, 0B, --flush-bytes is '0B'; it must be 1B at least",
    "--cross-zone, 101, --cross-zone is '101'; it must be a number from 0 to 100"
  })
  void whatIsWrongIsRefusedInOneSentence(String option, String text, String said) {
    Map<String, String> texts = new HashMap<>(Map.of("--in", "1MiB/s"));
    texts.put(option, text);
    assertThatThrownBy(() -> new PlanOptions(texts).load())
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(said)
        .hasMessageEndingWith(".");
    assertThatThrownBy(() -> new PlanOptions(Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("--in is not given");
  }
}
