package io.weft.agent.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsProperties {
  private static final long BYTES_MAX = 1_600;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whatIsHeldIsWhatTheRulesSay(long seed) {
    Random random = new Random(seed);
    int keys = 20 + random.nextInt(200);
    Segments<Integer, String> segments = new Segments<>(BYTES_MAX);
    Model model = new Model();
    for (int step = 0; step < 3_000; step++) {
      // Some keys are asked for much more often than others.
      int key = (int) (keys * Math.pow(random.nextDouble(), 3));
      int bytes = 1 + random.nextInt(random.nextInt(20) == 0 ? 2_000 : 200);
      String value = key + " at " + step;
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          segments.keep(key, value, bytes);
          model.keep(key, value, bytes);
        }
        case 2 -> {
          segments.keepInPassing(key, value, bytes);
          model.keepInPassing(key, value, bytes);
        }
        case 3 -> {
          String held = segments.peek(key).filter(some -> random.nextBoolean()).orElse(value);
          assertThat(segments.removeExactly(key, held)).isEqualTo(model.remove(key, held));
        }
        default -> assertThat(segments.use(key)).isEqualTo(model.use(key));
      }
      String where = "seed %d, step %d".formatted(seed, step);
      assertThat(segments.bytes())
          .as(where)
          .isEqualTo(model.bytes())
          .isLessThanOrEqualTo(BYTES_MAX);
      assertThat(segments.count()).as(where).isEqualTo(model.held.size());
      for (Model.Held held : model.held) {
        assertThat(segments.peek(held.key)).as(where).hasValue(held.value);
      }
    }
  }

  @Test
  void whatIsUsedAgainOutlivesWhatIsUsedOnce() {
    Segments<Integer, Integer> segments = new Segments<>(BYTES_MAX);
    IntStream.range(0, 10).forEach(key -> segments.keep(key, key, 100));
    IntStream.range(0, 10).forEach(segments::use);
    for (int key = 100; key < 130; key++) {
      segments.keep(key, key, 100);
      // As a reader that takes it in parts.
      segments.use(key);
      segments.use(key);
    }
    assertThat(IntStream.range(0, 9).filter(key -> segments.peek(key).isPresent())).hasSize(9);
  }

  @Test
  void whatWasUsedAgainLongAgoGoesBeforeWhatIsNew() {
    Segments<Integer, Integer> segments = new Segments<>(BYTES_MAX);
    IntStream.range(0, 10).forEach(key -> segments.keep(key, key, 100));
    IntStream.range(0, 10).forEach(segments::use);
    IntStream.range(100, 150).forEach(key -> segments.keep(key, key, 100));
    assertThat(IntStream.range(0, 10).filter(key -> segments.peek(key).isPresent())).isEmpty();
    assertThat(IntStream.range(134, 150).filter(key -> segments.peek(key).isPresent())).hasSize(16);
  }

  @Test
  void whatIsRememberedOfThoseLetGoIsBounded() {
    Segments<Integer, Integer> segments = new Segments<>(BYTES_MAX);
    IntStream.range(0, 3 * Segments.GHOSTS_MAX).forEach(key -> segments.keep(key, key, 100));
    assertThat(segments.ghosts()).isLessThanOrEqualTo(Segments.GHOSTS_MAX);
  }

  /// The rules, as slow and as plain as they can be said.
  private static final class Model {
    private static final int PASSING = 0;
    private static final int RECENT = 1;
    private static final int LASTING = 2;

    private final List<Held> held = new ArrayList<>();
    private final List<Gone> gone = new ArrayList<>();
    private long now;
    private long turn;

    /// @param turn its place in its segment: the smallest goes first
    private record Held(
        int segment, int key, String value, long bytes, long since, long usedAt, long turn) {}

    private record Gone(int key, long at) {}

    long bytes() {
      return held.stream().mapToLong(Held::bytes).sum();
    }

    private long bytes(int segment) {
      return held.stream().filter(one -> one.segment == segment).mapToLong(Held::bytes).sum();
    }

    private Optional<Held> find(int key) {
      return held.stream().filter(one -> one.key == key).findFirst();
    }

    private Optional<Held> first(int segment) {
      return held.stream()
          .filter(one -> one.segment == segment)
          .min(Comparator.comparingLong(Held::turn));
    }

    private void put(int segment, Held one, long since, long usedAt) {
      held.removeIf(other -> other.key == one.key);
      held.add(new Held(segment, one.key, one.value, one.bytes, since, usedAt, turn++));
    }

    Optional<String> use(int key) {
      Optional<Held> found = find(key);
      found.ifPresent(this::use);
      return found.map(Held::value);
    }

    private void use(Held one) {
      if (one.segment == PASSING) {
        insert(one);
      } else if (one.segment == RECENT && now - one.since < BYTES_MAX / 16) {
        put(RECENT, one, one.since, now);
      } else {
        put(LASTING, one, one.since, now);
      }
      fit();
    }

    void keep(int key, String value, long bytes) {
      held.removeIf(one -> one.key == key);
      if (bytes <= BYTES_MAX) {
        insert(new Held(RECENT, key, value, bytes, 0, 0, 0));
        fit();
      }
    }

    private void insert(Held one) {
      now += one.bytes;
      boolean wasHere =
          gone.stream().anyMatch(past -> past.key == one.key && now - past.at <= BYTES_MAX);
      gone.removeIf(past -> past.key == one.key);
      put(wasHere ? LASTING : RECENT, one, now, now);
    }

    void keepInPassing(int key, String value, long bytes) {
      Optional<Held> found = find(key);
      if (bytes > BYTES_MAX) {
        found.ifPresent(held::remove);
      } else if (found.isPresent() && found.get().segment != PASSING) {
        Held old = found.get();
        held.remove(old);
        held.add(new Held(old.segment, key, value, bytes, old.since, old.usedAt, old.turn));
      } else {
        put(PASSING, new Held(PASSING, key, value, bytes, now, now, 0), now, now);
      }
      fit();
    }

    boolean remove(int key, String value) {
      return held.removeIf(one -> one.key == key && one.value.equals(value));
    }

    private void fit() {
      while (bytes(LASTING) > BYTES_MAX - BYTES_MAX / 4) {
        put(RECENT, first(LASTING).orElseThrow(), now, now);
      }
      while (bytes() > BYTES_MAX) {
        long passing = held.stream().filter(one -> one.segment == PASSING).count();
        Optional<Held> oldest = first(LASTING).filter(one -> now - one.usedAt > 2 * BYTES_MAX);
        if (passing > 1 && bytes(PASSING) > BYTES_MAX / 4) {
          held.remove(first(PASSING).orElseThrow());
        } else if (oldest.isPresent()) {
          held.remove(oldest.get());
        } else if (first(RECENT).isPresent()) {
          Held going = first(RECENT).get();
          held.remove(going);
          gone.removeIf(past -> past.key == going.key);
          gone.add(new Gone(going.key, now));
        } else {
          held.remove(first(LASTING).or(() -> first(PASSING)).orElseThrow());
        }
      }
    }
  }
}
