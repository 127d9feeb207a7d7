package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.journal.JournalSettings;
import io.weft.environment.Environment;
import io.weft.storage.object.local.LocalObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real environment over a real folder.
final class LocalRestartTest {
  private static final long START_MS_MAX = 30_000;
  private static final int RESTARTS = 5;
  private static final int TOPICS_EACH = 30;
  private static final int SNAPSHOT_EVERY = 20;

  @TempDir private Path folder;

  @Test
  void aFolderIsACluster() {
    String cluster = "";
    for (int restart = 0; restart < RESTARTS; restart++) {
      LeaderSeat seat = open();
      assertThat(Seats.read(seat)).isNotEmpty();
      cluster = restart == 0 ? Seats.read(seat) : cluster;
      assertThat(Seats.read(seat)).isEqualTo(cluster);
      for (int i = 0; i < restart * TOPICS_EACH; i++) {
        assertThat(Seats.hasTopic(seat, "topic-" + i)).isTrue();
      }
      for (int i = 0; i < TOPICS_EACH; i++) {
        Seats.create(seat, "topic-" + (restart * TOPICS_EACH + i));
      }
      seat.close();
    }
  }

  private LeaderSeat open() {
    LeaderSettings.Limits limits =
        new LeaderSettings.Limits(1_000, 100, 1 << 16, 1_000, SNAPSHOT_EVERY, 1 << 20);
    LeaderSettings settings =
        new LeaderSettings(
            "local", true, LeaderSettings.Timing.DEFAULT, limits, JournalSettings.DEFAULT);
    LeaderSeat seat = LeaderSeat.open(new LocalObjectStore(folder), settings, Environment.system());
    seat.awaitLeading(START_MS_MAX);
    return seat;
  }
}
