package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.AgentLevel;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.level.ClusterLevel;
import io.weft.controlplane.state.level.LevelRaised;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterLevelTest {
  private static final int SNAPSHOT_OF_LEVEL_ONE = 3;

  private final TestCluster cluster = new TestCluster();

  @Test
  void aClusterBeginsAtTheFirstLevel() {
    assertThat(cluster.state.level().value()).isEqualTo(1);
    assertThat(cluster.as(Releases.class).describe())
        .isEqualTo(new Releases.Status(1, Levels.KNOWN, List.of()));
    assertThat(cluster.snapshot()[0]).isEqualTo((byte) SNAPSHOT_OF_LEVEL_ONE);
  }

  @Test
  void aFinishedUpgradeIsARecord() {
    cluster.as(Releases.class).finish(2);
    cluster.as(Releases.class).finish(2);
    cluster.as(Releases.class).finish(1);

    assertThat(cluster.records).hasSize(2).last().isEqualTo(new LevelRaised(2));
    ControlPlaneState replica = replica(cluster, Levels.KNOWN);
    assertThat(replica.level().value()).isEqualTo(2);
    assertThat(StateHash.of(replica)).isEqualTo(StateHash.of(cluster.state));
    assertThat(TestCluster.restored(cluster.snapshot()).level().value()).isEqualTo(2);
  }

  @Test
  void theLevelIsPartOfWhatReplicasCompare() {
    StateHash before = StateHash.of(cluster.state);
    cluster.as(Releases.class).finish(2);

    assertThat(StateHash.of(cluster.state)).isNotEqualTo(before);
  }

  @Test
  void itIsRefusedWhileSomebodyDoesNotKnowTheLevel() {
    assertThatThrownBy(() -> cluster.as(Releases.class).finish(Levels.KNOWN + 1))
        .isInstanceOf(Rejected.class)
        .hasMessage("level 3 cannot be final: the leading control plane knows levels up to 2");
    know(new AgentLevel(new AgentId(4), 1));
    assertThatThrownBy(() -> cluster.as(Releases.class).finish(2))
        .isInstanceOf(Rejected.class)
        .hasMessage(
            "level 2 cannot be final: agent 4 knows levels up to 1, it has to be upgraded first");
    know(new AgentLevel(new AgentId(4), 0));
    assertThatThrownBy(() -> cluster.as(Releases.class).finish(2))
        .isInstanceOf(Rejected.class)
        .hasMessage("agent 4 has not said yet which levels it knows: ask again in a few seconds");
    assertThat(cluster.state.level().value()).isEqualTo(1);
    know(new AgentLevel(new AgentId(4), 2));
    cluster.as(Releases.class).finish(2);
    assertThat(cluster.state.level().value()).isEqualTo(2);
  }

  private void know(AgentLevel... agents) {
    cluster.state.level().ledBy(() -> new ClusterLevel.Known(Levels.KNOWN, List.of(agents)));
  }

  /// What a cluster that is not finished writes is read by a release of the first level.
  @Test
  void aRecordedClusterIsReadByTheReleaseBefore() {
    RandomCluster random = new RandomCluster(42);
    for (int step = 0; step < 1_000; step++) {
      random.step();
    }

    ControlPlaneState replica = replica(random.cluster, Levels.FIRST);
    assertThat(StateHash.of(replica)).isEqualTo(StateHash.of(random.cluster.state));
    byte[] snapshot = random.cluster.snapshot();
    ControlPlaneState read = StateSnapshot.read(new WireReader(snapshot), Levels.FIRST);
    assertThat(StateHash.of(read)).isEqualTo(StateHash.of(random.cluster.state));
  }

  @Test
  void aSnapshotOfLevelTwoIsRefusedByTheReleaseBefore() {
    cluster.as(Releases.class).finish(2);

    assertThatThrownBy(() -> StateSnapshot.read(new WireReader(cluster.snapshot()), Levels.FIRST))
        .isInstanceOf(NewerFormatException.class)
        .hasMessage(
            "the state in a snapshot has format 4, and this release of Weft reads up to 3: a newer"
                + " release wrote it");
  }

  /// The sample of the first level, raised: the same but for the version, the level and what agents
  /// have said of themselves.
  @Test
  void aSnapshotOfLevelTwoIsWrittenAndRead() throws IOException {
    ControlPlaneState state = TestCluster.restored(StateSamples.snapshot());
    state.replay(new LevelRaised(2), cluster);

    assertThat(TestCluster.snapshot(state)).isEqualTo(golden("snapshot-v4"));
    assertThat(TestCluster.restored(golden("snapshot-v4")).level().value()).isEqualTo(2);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in =
        ClusterLevelTest.class.getResourceAsStream("/format/state/" + name + ".hex")) {
      return HexFormat.of()
          .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }

  /// A state of the bytes of the records, written at the level that each was made at, and read by a
  /// release that knows levels up to this one.
  private static ControlPlaneState replica(TestCluster cluster, int known) {
    ControlPlaneState replica = new ControlPlaneState();
    for (StateRecord each : cluster.records) {
      int level = each instanceof LevelRaised raised ? raised.level() : replica.level().value();
      WireWriter out = new WireWriter().atLevel(level);
      StateRecordCodec.write(each, out);
      replica.replay(
          StateRecordCodec.read(new WireReader(out.toByteArray()), known), new TestCluster());
    }
    return replica;
  }
}
