package io.weft.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weft.server.doctor.WrittenCluster;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.local.LocalObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorCommandTest {
  private static final int LEASED = 10;

  @TempDir Path folder;

  private LocalObjectStore bucket;
  private WrittenCluster cluster;
  private long first;

  @BeforeEach
  void write() {
    bucket = new LocalObjectStore(folder.resolve("bucket"), false);
    cluster = new WrittenCluster(new LocalObjectStore(folder.resolve("journal"), false), bucket);
    first = cluster.lease(LEASED);
    cluster.write(first);
    cluster.write(first + 1);
  }

  private record Ended(int code, String out, String err) {}

  private Ended doctor(String... options) {
    return doctor(folder.resolve("journal"), folder.resolve("bucket"), options);
  }

  private static Ended doctor(Path journal, Path bucket, String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments =
        new ArrayList<>(
            List.of("doctor", "--journal", "file:" + journal, "--bucket", "file:" + bucket));
    arguments.addAll(List.of(options));
    int code =
        new WeftCommand(Map.of(), new PrintWriter(out), new PrintWriter(err))
            .run(arguments.toArray(String[]::new));
    return new Ended(code, out.toString(), err.toString());
  }

  @Test
  void endsWithZeroWhereAllIsWellAndSaysHowFarItIsMeanwhile() {
    Ended ended = doctor("--deep");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("cluster cluster-a", "4 extents of 2 partitions in 2 files", "12 batches read")
        .endsWith("The bucket and the metadata agree.\n");
    assertThat(ended.err())
        .contains("The metadata as of journal entry", "The bucket is listed: 2 objects.");
  }

  @Test
  void endsWithThreeWhereSomethingIsWrongAndNamesIt() {
    String lost = "files/%020d".formatted(first);
    bucket.delete(List.of(new ObjectKey(lost)));
    Ended ended = doctor();
    assertThat(ended.code()).isEqualTo(JournalCommand.EXIT_DAMAGED);
    assertThat(ended.out())
        .contains("missing: " + lost + ": there is no such object")
        .endsWith("1 FAULTS; see docs/recovery.md.\n");
  }

  @Test
  void theRepairSaysWhatItDeletedAndThenAllIsWell() {
    long ended = cluster.lease(LEASED);
    cluster.upload(ended);
    cluster.expire(ended);
    assertThat(doctor().code()).isEqualTo(JournalCommand.EXIT_DAMAGED);

    Ended repaired = doctor("--repair");

    assertThat(repaired.code()).isZero();
    assertThat(repaired.err()).contains("Deleted 1 orphans of ", "files/%020d".formatted(ended));
    assertThat(repaired.out()).contains("1 orphans of ");
    assertThat(doctor().code()).isZero();
  }

  @Test
  void jsonHasAllKindsAndNothingElseIsPrinted() throws IOException {
    long ended = cluster.lease(LEASED);
    cluster.upload(ended);
    cluster.expire(ended);
    Ended said = doctor("--json", "--deep");
    assertThat(said.code()).isEqualTo(JournalCommand.EXIT_DAMAGED);
    assertThat(said.out().lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(said.out());
    assertThat(json.get("version").asInt()).isEqualTo(1);
    assertThat(json.get("clean").asBoolean(true)).isFalse();
    assertThat(json.get("faults").asInt()).isEqualTo(1);
    assertThat(json.get("cluster").asText()).isEqualTo("cluster-a");
    assertThat(json.at("/journal/entryAfter").asLong()).isPositive();
    assertThat(json.at("/live/batchesVerified").asLong()).isEqualTo(12);
    List<String> kinds = new ArrayList<>();
    json.get("kinds").forEach(kind -> kinds.add(kind.get("kind").asText()));
    assertThat(kinds)
        .containsExactly(
            "live",
            "queued",
            "young",
            "missing",
            "damaged",
            "foreign",
            "orphan",
            "unproved",
            "unqueued",
            "unleased",
            "stray");
    JsonNode orphans = json.get("kinds").get(kinds.indexOf("orphan"));
    assertThat(orphans.get("fault").asBoolean()).isTrue();
    assertThat(orphans.get("objects").asInt()).isEqualTo(1);
    assertThat(orphans.get("bytes").asLong()).isPositive();
    assertThat(orphans.get("usdPerMonth").isNumber()).isTrue();
    assertThat(json.get("examples").get(0).get("key").asText())
        .isEqualTo("files/%020d".formatted(ended));
    assertThat(json.at("/repaired/objects").asInt(-1)).isZero();
    assertThat(json.at("/waste/bytes").asLong()).isEqualTo(orphans.get("bytes").asLong());
    assertThat(json.at("/price/usdPerGbMonth").asDouble()).isEqualTo(0.023);
    assertThat(json.at("/price/source").asText()).isNotEmpty();
  }

  @Test
  void anothersBucketIsRefused() {
    new BucketOwnership(bucket).adopt("cluster-b");
    Ended ended = doctor("--repair");
    assertThat(ended.code()).isEqualTo(WeftCommand.EXIT_WRONG_USE);
    assertThat(ended.err())
        .isEqualTo(
            "The bucket belongs to cluster cluster-b, and the journal is that of cluster"
                + " cluster-a.\n");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aBucketWithoutAMarkIsRefusedWhereItHoldsFiles() {
    bucket.delete(List.of(new ObjectKey("owner")));
    assertThat(doctor().code()).isEqualTo(WeftCommand.EXIT_WRONG_USE);
  }

  @Test
  void endsWithOneWhereThereIsNothingOrItCannotBeReached() throws IOException {
    Ended nothing = doctor(folder.resolve("empty"), folder.resolve("bucket"));
    assertThat(nothing.code()).isEqualTo(WeftCommand.EXIT_FAILED);
    assertThat(nothing.err()).contains("There is no journal");

    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Ended unreachable = doctor(folder.resolve("journal"), file);
    assertThat(unreachable.code()).isEqualTo(WeftCommand.EXIT_FAILED);
    assertThat(unreachable.err().lines()).hasSize(1);
    assertThat(unreachable.err()).contains("can't be used as an object store");
  }

  @Test
  void endsWithThreeWhereTheJournalIsDamaged() throws IOException {
    Path entry = folder.resolve("journal/journal/%020d".formatted(2));
    byte[] bytes = Files.readAllBytes(entry);
    bytes[bytes.length / 2] ^= 1;
    Files.write(entry, bytes);
    Ended ended = doctor();
    assertThat(ended.code()).isEqualTo(JournalCommand.EXIT_DAMAGED);
    assertThat(ended.err()).contains("journal entry 2 is damaged", "weft journal check");
  }

  @Test
  void endsWithTwoWhereItIsCalledWrongly() {
    StringWriter err = new StringWriter();
    WeftCommand command =
        new WeftCommand(Map.of(), new PrintWriter(new StringWriter()), new PrintWriter(err));
    assertThat(command.run("doctor", "--journal", "file:x")).isEqualTo(WeftCommand.EXIT_WRONG_USE);
    assertThat(err.toString()).contains("--bucket");
    assertThat(
            command.run(
                "doctor", "--journal", "file:x", "--bucket", "file:y", "--tiered-storage", "z"))
        .isEqualTo(WeftCommand.EXIT_WRONG_USE);
    assertThat(command.run("doctor", "--journal", "file:x", "--tiered-storage", "nothing.yaml"))
        .isEqualTo(WeftCommand.EXIT_WRONG_USE);
    assertThat(err.toString()).contains("nothing.yaml");
    assertThat(command.run("doctor", "--journal", "nowhere:x", "--bucket", "file:y"))
        .isEqualTo(WeftCommand.EXIT_WRONG_USE);
  }
}
