package io.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.simulation.broken.EarlyAcks;
import io.weft.simulation.broken.HastyJournal;
import io.weft.simulation.broken.NoChecksums;
import io.weft.simulation.broken.NoSequences;
import io.weft.simulation.broken.SharedIds;
import io.weft.simulation.broken.StaleIndex;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every bug that is put in is found by the seeds that find nothing in Weft.
final class BrokenBuildsTest {
  private static final int SEEDS_MAX = 200;

  enum Bug {
    ACKNOWLEDGED_BEFORE_COMMIT(EarlyAcks::new, "lost-write", "unseen"),
    NO_SEQUENCES(NoSequences::new, "duplicate"),
    FILE_IDS_NOT_LEASED(SharedIds::new, "lost-write", "unseen", "inconsistent-offsets"),
    CHECKSUMS_NOT_CHECKED(NoChecksums::new, "no value anybody sends", "corrupt", "phantom"),
    STALE_INDEX(StaleIndex::new, "was acknowledged", "has no offset"),
    ANSWERED_BEFORE_DURABLE(HastyJournal::new, "lost-write", "unseen", "inconsistent-offsets");

    private final Supplier<Build> build;
    private final List<String> signs;

    Bug(Supplier<Build> build, String... signs) {
      this.build = build;
      this.signs = List.of(signs);
    }
  }

  @ParameterizedTest
  @EnumSource(Bug.class)
  void isFound(Bug bug) {
    List<String> others = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      String found = Scenario.play(seed, bug.build.get()).findings();
      if (bug.signs.stream().anyMatch(found::contains)) {
        System.out.printf("%s was found by seed %d: %s%n", bug, seed, found.lines().findFirst());
        return;
      }
      if (!found.isEmpty()) {
        others.add("seed %d: %s".formatted(seed, found));
      }
    }
    assertThat(others).as("not found, but").containsExactly(bug.name());
  }
}
