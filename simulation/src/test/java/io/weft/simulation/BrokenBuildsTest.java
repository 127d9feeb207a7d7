package io.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.simulation.broken.EarlyAcks;
import io.weft.simulation.broken.EarlyStableEnd;
import io.weft.simulation.broken.HastyJournal;
import io.weft.simulation.broken.HastyOffsets;
import io.weft.simulation.broken.HastyQueue;
import io.weft.simulation.broken.HastyTombstones;
import io.weft.simulation.broken.HiddenAborts;
import io.weft.simulation.broken.LeakyQueue;
import io.weft.simulation.broken.MixedUpFiles;
import io.weft.simulation.broken.NoSequences;
import io.weft.simulation.broken.SharedIds;
import io.weft.simulation.broken.StaleIndex;
import io.weft.simulation.broken.file.AgedOrphans;
import io.weft.simulation.broken.file.DroppedBatches;
import io.weft.simulation.broken.file.MovedOffsets;
import io.weft.simulation.broken.file.NoChecksums;
import io.weft.simulation.broken.file.NoGrace;
import io.weft.simulation.broken.file.UncheckedSwaps;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every bug that is put in is found by the seeds that find nothing in Weft, and by what it does: a
/// run that merely ends early does not count.
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BrokenBuildsTest {
  private static final int SEEDS_MAX = 60;

  @Test
  void acknowledgingBeforeTheCommitIsFound() {
    isFound(EarlyAcks::new, "lost-write", "unseen");
  }

  @Test
  void notCheckingSequencesIsFound() {
    isFound(NoSequences::new, "duplicate");
  }

  @Test
  void notLeasingFileIdsIsFound() {
    isFound(SharedIds::new, "has given this id a second time");
  }

  @Test
  void notCheckingChecksumsIsFound() {
    isFound(NoChecksums::new, "phantom", "is no value anybody sends");
  }

  @Test
  void servingAnotherFilesBytesToAnAgentThatDoesNotCheckIsFound() {
    isFound(MixedUpFiles::new, "inconsistent-offsets", "duplicate", "phantom");
  }

  @Test
  void answeringTheEndFromMemoryIsFound() {
    isFound(StaleIndex::new, "has no offset");
  }

  @Test
  void answeringBeforeTheJournalIsDurableIsFound() {
    isFound(HastyJournal::new, "lost-write", "unseen", "inconsistent-offsets");
  }

  @Test
  void readingBehindTheLastStableOffsetIsFound() {
    isFound(EarlyStableEnd::new, "aborted-read", "g1c", "precommitted-read", "torn-transaction");
  }

  @Test
  void hidingWhatWasAbortedIsFound() {
    isFound(HiddenAborts::new, "aborted-read");
  }

  @Test
  void offsetsOfAbortedTransactionsAreFound() {
    isFound(HastyOffsets::new, "aborted-offset", "unprocessed");
  }

  @Test
  void acknowledgementsOfAQueueThatAreNotTakenAreFound() {
    isFound(HastyQueue::new, "is given again, and was done with");
  }

  @Test
  void recordsThatAQueueGivesToNobodyAreFound() {
    isFound(LeakyQueue::new, "and is not done with");
  }

  @Test
  void mergingFilesWithoutOneOfTheirBatchesIsFound() {
    isFound(DroppedBatches::new, "lost-write", "duplicate", "phantom");
  }

  @Test
  void mergedFilesWithOtherOffsetsAreFound() {
    isFound(MovedOffsets::new, "lost-write", "inconsistent-offsets", "is another in the store");
  }

  /// What readers find above, the control plane refuses before any of them sees it.
  @Test
  void mergedFilesThatDoNotAddUpAreRefused() {
    isRefused(DroppedBatches::new);
    isRefused(MovedOffsets::new);
  }

  private static void isRefused(Function<Consumer<String>, Build> bug) {
    List<String> refusals = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS_MAX && refusals.isEmpty(); seed++) {
      Consumer<String> heard =
          why -> {
            if (why.contains("are not those that were there")) {
              refusals.add(why);
            }
          };
      assertThat(Scenario.play(seed, bug.apply(heard)).findings()).as("seed %d", seed).isEmpty();
    }
    assertThat(refusals).isNotEmpty();
  }

  @Test
  void tombstonesThatGoEarlyAreFound() {
    isFound(HastyTombstones::new, "and its tombstone is not");
  }

  @Test
  void swapsThatDoNotCheckTheirInputsAreFound() {
    isFound(UncheckedSwaps::new, "lost-write", "unseen", "duplicate", "inconsistent-offsets");
  }

  @Test
  void deletingWithoutGraceIsFound() {
    isFound(NoGrace::new, "after agents were told to read it");
  }

  @Test
  void deletingWhatIsOldAndNotCommittedIsFound() {
    isFound(AgedOrphans::new, "there is no files/");
  }

  private static void isFound(Supplier<Build> bug, String... signs) {
    List<String> others = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      String found = Scenario.play(seed, bug.get()).findings();
      for (String sign : signs) {
        if (found.contains(sign)) {
          System.out.printf(
              "%s was found by seed %d: %s%n", bug.get().getClass().getSimpleName(), seed, sign);
          return;
        }
      }
      if (!found.isEmpty()) {
        others.add("seed %d: %s".formatted(seed, found));
      }
    }
    assertThat(others)
        .as("what else was found")
        .containsExactly("one of", String.join(", ", signs));
  }
}
