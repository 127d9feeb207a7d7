package io.weft.controlplane.codec.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShapesTest {
  public enum Colour {
    RED,
    BLUE
  }

  public record Point(int x, @Fixed short y) {}

  public record Numbers(boolean yes, byte one, short two, int four, long eight, double real) {}

  public record Texts(
      String text,
      UUID id,
      Optional<String> maybe,
      @AtMost(3) List<Point> points,
      @AtMost(2) Set<Colour> colours,
      @AtMost(2) Map<String, OptionalDouble> values) {}

  public sealed interface Figure {
    @Kind(1)
    record Dot(Point at) implements Figure {}

    @Kind(4)
    record Nothing() implements Figure {}
  }

  public record Partitions(@AtMost(9) List<PartitionId> partitions) {}

  public record Grown(int before, @Since(3) Optional<String> after) {}

  public sealed interface Written {
    @Kind(1)
    @Kind(value = 2, since = 2)
    record Line(int length, @Since(2) int width) implements Written {}

    @Kind(value = 3, since = 3)
    record Area(int size) implements Written {}
  }

  public record Unlimited(List<String> texts) {}

  public record Unknown(Thread thread) {}

  public record Nested(Optional<Nested> inner) {}

  public record Named(Optional<@Shaped(by = Marked.class) String> text) {}

  /// Writes a text between two marks.
  public static final class Marked implements Shape<String> {
    @Override
    public void write(String value, WireWriter out) {
      out.writeByte(7);
      out.writeString(value);
    }

    @Override
    public String read(WireReader in) {
      if (in.readByte() != 7) {
        throw new MalformedBytesException("no mark");
      }
      return in.readString();
    }
  }

  private static <T> String hex(Class<T> type, T value, int level) {
    WireWriter out = new WireWriter().atLevel(level);
    Shapes.limited().with(PartitionId.class, new PartitionColumn()).of(type).write(value, out);
    return HexFormat.of().formatHex(out.toByteArray());
  }

  private static <T> T read(Class<T> type, String hex, int level) {
    WireReader in = new WireReader(HexFormat.of().parseHex(hex)).atLevel(level);
    T value = Shapes.limited().with(PartitionId.class, new PartitionColumn()).of(type).read(in);
    in.finish();
    return value;
  }

  private static <T> void holds(Class<T> type, T value, String hex) {
    assertThat(hex(type, value, 1)).isEqualTo(hex);
    assertThat(read(type, hex, 1)).isEqualTo(value);
  }

  @Test
  void aRecordIsItsComponentsInOrder() {
    holds(Point.class, new Point(-1, (short) 258), "010102");
    holds(
        Numbers.class,
        new Numbers(true, (byte) 5, (short) -2, 64, -65, 1.0),
        "01" + "05" + "03" + "8001" + "8101" + "3ff0000000000000");
  }

  @Test
  void listsSetsMapsAndOptionalsHaveTheirItems() {
    holds(
        Texts.class,
        new Texts(
            "ab",
            new UUID(1, 2),
            Optional.of("c"),
            List.of(new Point(1, (short) 2)),
            Set.of(Colour.RED, Colour.BLUE),
            Map.of("x", OptionalDouble.empty(), "k", OptionalDouble.of(1))),
        "046162"
            + "00000000000000010000000000000002"
            + "010263"
            + "02020002"
            + "040001"
            + "04026b013ff000000000000002"
            + "7800");
  }

  @Test
  void aCaseIsItsKindAndItsComponents() {
    holds(Figure.class, new Figure.Dot(new Point(1, (short) 1)), "01020001");
    holds(Figure.class, new Figure.Nothing(), "04");
    assertThatThrownBy(() -> read(Figure.class, "05", 1)).isInstanceOf(NewerFormatException.class);
    assertThatThrownBy(() -> read(Figure.class, "ff", 1))
        .isInstanceOf(MalformedBytesException.class)
        .isNotInstanceOf(NewerFormatException.class);
  }

  public interface Any {}

  public sealed interface Round extends Any {
    @Kind(1)
    record Circle(int radius) implements Round {}
  }

  @Kind(2)
  public record Square(int side) implements Any {}

  @Kind(1)
  public record Twice() implements Any {}

  @Test
  void familiesThatKnowNothingOfEachOtherHaveTheirKindsTogether() {
    Shape<Any> any =
        Shapes.unlimited().union(Any.class, "a thing", List.of(Round.class, Square.class));
    WireWriter out = new WireWriter();
    any.write(new Round.Circle(3), out);
    any.write(new Square(4), out);
    WireReader in = new WireReader(out.toByteArray());

    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("01060208");
    assertThat(any.read(in)).isEqualTo(new Round.Circle(3));
    assertThat(any.read(in)).isEqualTo(new Square(4));
    assertThatThrownBy(() -> any.read(new WireReader(new byte[] {3})))
        .isInstanceOf(NewerFormatException.class)
        .hasMessageContaining("a thing of kind 3");
  }

  @Test
  void twoFamiliesCannotHaveOneKind() {
    List<Class<? extends Any>> families = List.of(Round.class, Twice.class);
    assertThatThrownBy(() -> Shapes.unlimited().union(Any.class, "a thing", families))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two cases of kind 1");
  }

  @Test
  void aTopicIsWrittenWhereItChanges() {
    TopicId one = new TopicId(0, 1);
    TopicId two = new TopicId(0, 2);
    holds(
        Partitions.class,
        new Partitions(
            List.of(new PartitionId(one, 0), new PartitionId(one, 1), new PartitionId(two, 0))),
        "06"
            + "010000000000000000"
            + "0000000000000001"
            + "00"
            + "0002"
            + "010000000000000000"
            + "0000000000000002"
            + "00");
    assertThatThrownBy(() -> read(Partitions.class, "020002", 1))
        .hasMessage("the first partition has no topic");
  }

  @Test
  void whatCameLaterIsNotThereBefore() {
    Grown grown = new Grown(1, Optional.of("a"));
    assertThat(hex(Grown.class, grown, 2)).isEqualTo("02");
    assertThat(hex(Grown.class, grown, 3)).isEqualTo("02010261");
    assertThat(read(Grown.class, "02", 2)).isEqualTo(new Grown(1, Optional.empty()));
    assertThat(read(Grown.class, "02010261", 3)).isEqualTo(grown);
    Shape<Grown> shape = Shapes.limited().of(Grown.class);
    assertThat(
            List.of(shape.versionAt(1), shape.versionAt(2), shape.versionAt(3), shape.versionAt(9)))
        .containsExactly(1, 1, 3, 3);
  }

  @Test
  void aCaseMayHaveAKindForEachLayout() {
    Written line = new Written.Line(1, 2);
    assertThat(hex(Written.class, line, 1)).isEqualTo("0102");
    assertThat(hex(Written.class, line, 2)).isEqualTo("020204");
    assertThat(read(Written.class, "0102", 3)).isEqualTo(new Written.Line(1, 0));
    assertThat(read(Written.class, "020204", 1)).isEqualTo(line);
    assertThatThrownBy(() -> hex(Written.class, new Written.Area(1), 2))
        .hasMessageContaining("Area is not known at level 2");
    assertThat(hex(Written.class, new Written.Area(1), 3)).isEqualTo("0302");
  }

  @Test
  void aPlaceMayHaveAShapeOfItsOwn() {
    holds(Named.class, new Named(Optional.of("a")), "01070261");
  }

  @Test
  void tooManyAreMalformed() {
    assertThatThrownBy(() -> read(Partitions.class, "14" + "00".repeat(40), 1))
        .hasMessage("a list of 10, at most 9 are allowed");
    assertThatThrownBy(() -> read(Partitions.class, "1200", 1)).hasMessage("impossible count 9");
  }

  @Test
  void namesOutOfOrderAreMalformed() {
    String texts = "046162" + "00".repeat(16) + "00" + "00" + "00";
    assertThatThrownBy(() -> read(Texts.class, texts + "04026b00026b00", 1))
        .hasMessage("names out of order at k");
  }

  @Test
  void whatHasNoBytesIsRefusedAtOnce() {
    for (Class<?> type : List.of(Unlimited.class, Unknown.class, Nested.class, Thread.class)) {
      assertThatThrownBy(() -> Shapes.limited().of(type))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Shapes.unlimited().of(Unlimited.class)).isNotNull();
  }

  public record Counted(@AtMost(3) int count) {}

  @Test
  void aNumberOfThingsHasBounds() {
    holds(Counted.class, new Counted(3), "06");
    for (String outside : List.of("00", "01", "08")) {
      assertThatThrownBy(() -> read(Counted.class, outside, 1))
          .isInstanceOf(MalformedBytesException.class)
          .hasMessageEndingWith("1 to 3 are allowed");
    }
  }

  public record Begun(@Shaped(by = AbsentAsMinusOne.class) Optional<Long> offset) {}

  @Test
  void anAbsentNumberIsMinusOne() {
    holds(Begun.class, new Begun(Optional.empty()), "01");
    holds(Begun.class, new Begun(Optional.of(0L)), "00");
  }

  /// Three points in a row, and nothing said of how many.
  private record Triple(int countMax) implements Shape<List<Point>> {
    @Override
    public void write(List<Point> points, WireWriter out) {
      points.forEach(point -> out.writeByte(point.x()));
    }

    @Override
    public List<Point> read(WireReader in) {
      return List.of(
          new Point(in.readByte(), (short) 0),
          new Point(in.readByte(), (short) 0),
          new Point(in.readByte(), (short) countMax));
    }
  }

  public record Listed(@AtMost(5) List<Point> points) {}

  @Test
  void listsMayHaveAShapeOfTheirOwn() {
    Shape<Listed> shape = Shapes.limited().withLists(Point.class, Triple::new).of(Listed.class);
    WireReader in = new WireReader(new byte[] {1, 2, 3});

    assertThat(shape.read(in).points().getLast()).isEqualTo(new Point(3, (short) 5));
  }

  public interface Questioner {
    boolean ask(@Fixed short one, @AtMost(2) List<String> texts, @Since(2) int later);
  }

  @Test
  void argumentsAreWrittenOneAfterTheOther() {
    Shape<Object[]> shape = Shapes.limited().ofArguments(Questioner.class.getMethods()[0]);
    WireWriter out = new WireWriter().atLevel(2);
    shape.write(new Object[] {(short) 1, List.of("a"), 3}, out);

    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("000102026106");
    assertThat(shape.read(new WireReader(out.toByteArray()).atLevel(2)))
        .containsExactly((short) 1, List.of("a"), 3);
    assertThat(shape.read(new WireReader(out.toByteArray()).atLevel(1)))
        .containsExactly((short) 1, List.of("a"), 0);
    assertThat(shape.versionAt(1)).isEqualTo(1);
    assertThat(shape.versionAt(2)).isEqualTo(2);
  }

  public record NoLimit(@AtMost(3) String text) {}

  public record NotFixed(@Fixed String text) {}

  public record LateItem(@AtMost(3) List<@Since(2) String> texts) {}

  public record Nothing() {}

  public record Endless(@AtMost(1_000_000_000) List<Nothing> nothing) {}

  @Test
  void whatMeansNothingWhereItStandsIsRefused() {
    for (Class<?> type : List.of(NoLimit.class, NotFixed.class, LateItem.class, Endless.class)) {
      assertThatThrownBy(() -> Shapes.limited().of(type))
          .describedAs(type.getSimpleName())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  public sealed interface Kept {
    @Kind(1)
    record Old(int before, @Since(2) int after) implements Kept {}
  }

  public sealed interface Renewed {
    @Kind(1)
    @Kind(value = 2, since = 2)
    record Twice(Grown grown, @Since(2) int after) implements Renewed {}
  }

  /// A table stands in a snapshot, whose version says its level.
  @Test
  void aTableHasTheLayoutOfItsSnapshotsLevel() {
    Grown grown = new Grown(1, Optional.of("a"));
    Shape<Grown> table = Shapes.unlimited().of(Grown.class);
    Rows<Grown> rows = Shapes.unlimited().rowsOf(Grown.class);
    for (int level = 1; level <= 3; level++) {
      WireWriter one = new WireWriter().atLevel(level);
      table.write(grown, one);
      assertThat(HexFormat.of().formatHex(one.toByteArray()))
          .isEqualTo(level < 3 ? "02" : "02010261");
      WireWriter all = new WireWriter().atLevel(level);
      rows.write(List.of(grown), it -> it, all);
      List<Grown> read = new ArrayList<>();
      rows.read(new WireReader(all.toByteArray()).atLevel(level), read::add);
      assertThat(read)
          .containsExactly(table.read(new WireReader(one.toByteArray()).atLevel(level)));
    }
  }

  public enum Tint {
    RED,
    @Since(2)
    GREEN
  }

  public enum Unsorted {
    @Since(3)
    RED,
    @Since(2)
    GREEN
  }

  public record Tinted(Tint tint) {}

  public sealed interface Painted {
    @Kind(1)
    record Once(Tint tint) implements Painted {}
  }

  @Test
  void aConstantThatCameLaterIsNotWrittenBefore() {
    Shape<Tinted> shape = Shapes.limited().of(Tinted.class);

    assertThat(shape.versionAt(1)).isEqualTo(1);
    assertThat(shape.versionAt(2)).isEqualTo(2);
    for (int level = 1; level <= 2; level++) {
      WireWriter out = new WireWriter().atLevel(level);
      shape.write(new Tinted(Tint.RED), out);
      assertThat(out.toByteArray()).containsExactly(0);
    }
    WireWriter out = new WireWriter().atLevel(2);
    shape.write(new Tinted(Tint.GREEN), out);
    assertThat(out.toByteArray()).containsExactly(1);
    assertThat(read(Tinted.class, "01", 2)).isEqualTo(new Tinted(Tint.GREEN));
    assertThatThrownBy(() -> shape.write(new Tinted(Tint.GREEN), new WireWriter().atLevel(1)))
        .isInstanceOf(ReaderTooOldException.class)
        .hasMessage("Tint.GREEN is not known at level 1");
    assertThatThrownBy(() -> Shapes.limited().of(Unsorted.class))
        .hasMessageContaining("constants are appended");
    assertThatThrownBy(
            () -> Shapes.unlimited().union(Painted.class, "a thing", List.of(Painted.class)))
        .hasMessageContaining("another layout from level 2 on, and no kind for it");
  }

  @Test
  void aConstantThatIsNotKnownIsANewerReleases() {
    assertThatThrownBy(() -> read(Tinted.class, "02", 2))
        .isInstanceOf(NewerFormatException.class)
        .hasMessage(
            "a Tint of number 2 is not known to this release of Weft: a newer release wrote it");
    assertThatThrownBy(() -> read(Tinted.class, "01", 1))
        .isInstanceOf(MalformedBytesException.class)
        .isNotInstanceOf(NewerFormatException.class);
    assertThatThrownBy(() -> read(Tinted.class, "ff", 2))
        .isInstanceOf(MalformedBytesException.class)
        .isNotInstanceOf(NewerFormatException.class);
  }

  /// A record that is kept says nothing of its level but by its kind: what came later would be left
  /// out without a word.
  @Test
  void aLayoutThatNothingWouldTellIsRefused() {
    assertThatThrownBy(() -> Shapes.unlimited().union(Kept.class, "a thing", List.of(Kept.class)))
        .hasMessageContaining("another layout from level 2 on, and no kind for it");
    assertThatThrownBy(() -> Shapes.limited().of(Renewed.class))
        .hasMessageContaining("another layout from level 3 on, and no kind for it");
  }

  @Test
  void rowsAreTheBytesOfAList() {
    Rows<Point> rows = Shapes.unlimited().rowsOf(Point.class);
    WireWriter out = new WireWriter();
    rows.write(List.of(1, 2), x -> new Point(x, (short) 3), out);
    List<Point> read = new ArrayList<>();

    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("04" + "020003" + "040003");
    assertThat(rows.read(new WireReader(out.toByteArray()), read::add)).isEqualTo(2);
    assertThat(read).containsExactly(new Point(1, (short) 3), new Point(2, (short) 3));
    assertThatThrownBy(() -> rows.read(new WireReader(new byte[] {8, 0, 0, 0}), read::add))
        .hasMessage("impossible count 4");
  }

  @Test
  void whatMayBeLargeHasAWeight() {
    Shape<Texts> texts = Shapes.limited().of(Texts.class);
    Point point = new Point(1, (short) 2);

    assertThat(Shapes.limited().of(Point.class).weighs()).isFalse();
    assertThat(Shapes.limited().of(Figure.class).weighs()).isFalse();
    assertThat(texts.weighs()).isTrue();
    assertThat(
            texts.weight(
                new Texts(
                    "ab",
                    new UUID(1, 2),
                    Optional.of("c"),
                    List.of(point, point),
                    Set.of(Colour.RED),
                    Map.of("x", OptionalDouble.empty()))))
        .isEqualTo(2 * 2 + 2 + 2 * 64 + 64 + 64 + 2);
  }
}
