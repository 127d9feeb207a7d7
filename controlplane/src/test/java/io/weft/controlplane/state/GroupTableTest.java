package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.model.OpaqueBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupTableTest {
  private static final long NOBODY = GroupTable.NO_PRODUCER;

  private final GroupTable table = new GroupTable();

  private static OpaqueBytes bytes(String text) {
    return OpaqueBytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(OpaqueBytes bytes) {
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  private static List<String> rows(GroupTable table) {
    return table.rows().stream()
        .map(row -> text(row.key()) + "=" + text(row.value()) + "@" + row.number())
        .toList();
  }

  private static byte[] written(GroupTable table) {
    WireWriter out = new WireWriter();
    table.write(out);
    return out.toByteArray();
  }

  private static GroupTable read(byte[] bytes) {
    GroupTable read = new GroupTable();
    WireReader in = new WireReader(bytes);
    read.read(in);
    in.finish();
    return read;
  }

  @Test
  void theLastRecordOfAKeyCountsAndComesLast() {
    table.put(bytes("a"), bytes("1"), NOBODY);
    table.put(bytes("b"), bytes("2"), NOBODY);
    table.put(bytes("a"), bytes("3"), NOBODY);
    assertThat(rows(table)).containsExactly("b=2@1", "a=3@2");
  }

  @Test
  void whatIsStagedTakesEffectWhenItsTransactionCommits() {
    table.put(bytes("a"), bytes("1"), NOBODY);
    table.put(bytes("a"), bytes("2"), 7);
    table.put(bytes("b"), bytes("3"), 8);
    assertThat(rows(table)).containsExactly("a=1@0");
    table.endTransaction(8, false);
    table.endTransaction(7, true);
    assertThat(rows(table)).containsExactly("a=2@1");
    assertThat(table.producers()).isEmpty();
  }

  @Test
  void aLaterRecordIsNotUndoneByATransactionThatStagedBefore() {
    table.put(bytes("a"), bytes("1"), 7);
    table.put(bytes("a"), bytes("2"), NOBODY);
    table.endTransaction(7, true);
    assertThat(rows(table)).containsExactly("a=2@1");
  }

  @Test
  void aTombstoneTakesWhatIsStagedToo() {
    table.put(bytes("a"), bytes("1"), 7);
    table.put(bytes("b"), bytes("1"), 7);
    table.drop(bytes("a"));
    table.endTransaction(7, true);
    assertThat(rows(table)).containsExactly("b=1@1");
  }

  /// Against a table that keeps everything in plain maps; and through its bytes at every step.
  @Test
  void isWhatANaiveTableIs() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      GroupTable live = new GroupTable();
      Naive naive = new Naive();
      for (int step = 0; step < 300; step++) {
        String key = Integer.toString(random.nextInt(10));
        int producer = random.nextInt(3);
        long number = live.nextNumber();
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            live.put(bytes(key), bytes(Long.toString(number)), NOBODY);
            naive.effective.put(key, number);
          }
          case 2, 3 -> {
            live.put(bytes(key), bytes(Long.toString(number)), producer);
            naive.staged.computeIfAbsent(producer, _ -> new TreeMap<>()).put(key, number);
          }
          case 4 -> {
            live.drop(bytes(key));
            naive.effective.remove(key);
            naive.staged.values().forEach(each -> each.remove(key));
          }
          default -> {
            boolean committed = random.nextBoolean();
            live.endTransaction(producer, committed);
            naive.end(producer, committed);
          }
        }
        byte[] bytes = written(live);
        live = read(bytes);
        assertThat(written(live)).isEqualTo(bytes);
        Map<String, Long> seen = new TreeMap<>();
        live.rows().forEach(row -> seen.put(text(row.key()), Long.parseLong(text(row.value()))));
        assertThat(seen).as("seed %d, step %d", seed, step).isEqualTo(naive.effective);
        live.rows()
            .forEach(row -> assertThat(text(row.value())).isEqualTo(Long.toString(row.number())));
      }
    }
  }

  /// The number of the record that counts, by key.
  private static final class Naive {
    private final Map<String, Long> effective = new TreeMap<>();
    private final Map<Integer, Map<String, Long>> staged = new TreeMap<>();

    void end(int producer, boolean committed) {
      Map<String, Long> ended = staged.remove(producer);
      if (committed && ended != null) {
        ended.forEach((key, number) -> effective.merge(key, number, Math::max));
      }
    }
  }
}
