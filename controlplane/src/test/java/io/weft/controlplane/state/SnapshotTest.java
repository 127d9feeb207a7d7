package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.Step;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.model.AgentId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A state's founding, its time and its snapshots.
final class SnapshotTest {
  private final TestCluster cluster = new TestCluster();

  @Test
  void aNewStateIsNotFounded() {
    ControlPlaneState state = new ControlPlaneState();

    assertThat(state.founded()).isFalse();
    assertThat(TestCluster.restored(TestCluster.snapshot(state)).founded()).isFalse();
    assertThatThrownBy(
            () ->
                state
                    .in(new Step(0, new ArrayList<>(), ChangeListener.NONE))
                    .take(Command.of(FileLedger.class, it -> it.lease(new AgentId(0), 1))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFounderMayReplayItsOwnRecord() {
    byte[] before = cluster.snapshot();
    cluster.state.replay(cluster.records.get(0), cluster);

    assertThat(cluster.state.founded()).isTrue();
    assertThat(cluster.snapshot()).isEqualTo(before);
  }

  @Test
  void aClusterIsFoundedOnce() {
    assertThatThrownBy(() -> cluster.state.found("other", 1))
        .isInstanceOf(IllegalStateException.class);
    StateRecord other = new StateRecord.ClusterFounded("other", 1);
    assertThatThrownBy(() -> cluster.state.replay(other, cluster))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void timeIsThatOfTheLatestRecord() {
    cluster.nowMs = 55_000;
    cluster.lease(cluster.register(1), 1);
    assertThat(cluster.state.timeMs()).isEqualTo(55_000);
    assertThat(TestCluster.restored(cluster.snapshot()).timeMs()).isEqualTo(55_000);
  }

  @Test
  void timeThatGoesBackIsABug() {
    cluster.nowMs = 9_999;

    assertThatThrownBy(() -> cluster.topic("t", 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anUnknownVersionIsRefused() {
    byte[] snapshot = cluster.snapshot();
    snapshot[0] = 99;

    assertThatThrownBy(() -> TestCluster.restored(snapshot))
        .isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void aSnapshotMayStandAmongOtherBytes() {
    byte[] snapshot = cluster.snapshot();
    WireReader in = new WireReader(Arrays.copyOf(snapshot, snapshot.length + 3));
    StateSnapshot.read(in);

    assertThat(in.remaining()).isEqualTo(3);
  }

  @Test
  void aSnapshotCutShortIsMalformed() {
    RandomCluster random = new RandomCluster(77);
    for (int i = 0; i < 100; i++) {
      random.step();
    }
    byte[] snapshot = random.cluster.snapshot();
    for (int length = 0; length < snapshot.length; length++) {
      byte[] cut = Arrays.copyOf(snapshot, length);
      assertThatThrownBy(() -> StateSnapshot.read(new WireReader(cut)))
          .isInstanceOf(MalformedBytesException.class);
    }
  }

  @Test
  void aDamagedSnapshotIsReadOrMalformed() {
    RandomCluster random = new RandomCluster(78);
    for (int i = 0; i < 200; i++) {
      random.step();
    }
    byte[] snapshot = random.cluster.snapshot();
    Random damage = new Random(42);
    int malformed = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = snapshot.clone();
      damaged[damage.nextInt(damaged.length)] = (byte) damage.nextInt();
      try {
        StateSnapshot.read(new WireReader(damaged));
      } catch (MalformedBytesException e) {
        malformed++;
      }
    }
    assertThat(malformed).isBetween(1, 4_999);
  }

  @Test
  void aTopicOverTheLimitIsNotBelieved() {
    NewTopic topic = new NewTopic(new TopicId(1, 1), "t", Integer.MAX_VALUE, (short) 1, Map.of());

    assertThatThrownBy(() -> cluster.state.replay(new TopicRecord.TopicCreated(topic), cluster))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theHashFollowsTheState() {
    StateHash before = StateHash.of(cluster.state);
    cluster.topic("t", 1);

    assertThat(StateHash.of(cluster.state)).isNotEqualTo(before);
    assertThat(StateHash.of(cluster.replica())).isEqualTo(StateHash.of(cluster.state));
  }

  /// Two copies of the machine decide the same, command by command.
  @Test
  void twoStatesAskedAlikeRecordAlike() {
    RandomCluster first = new RandomCluster(5);
    RandomCluster second = new RandomCluster(5);
    for (int i = 0; i < 400; i++) {
      first.step();
      second.step();
    }
    assertThat(StateHash.of(first.cluster.state)).isEqualTo(StateHash.of(second.cluster.state));
    assertThat(first.cluster.events).isEqualTo(second.cluster.events);
    assertThat(first.cluster.records).hasSameSizeAs(second.cluster.records);
    List<StateRecord> records = first.cluster.records;
    assertThat(records.size()).isGreaterThan(100);
  }
}
