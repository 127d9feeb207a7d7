package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.state.partition.FormerProducers;
import io.weft.model.PartitionId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The bytes of a state in a snapshot, as they are written and as they stay readable: a state that
/// holds some of everything there can be.
final class StateGoldenTest {
  /// What deleted topics knew stands last in version 3; version 2 has nothing there.
  private static final byte[] NO_FORMER = {0};

  @Test
  void versionThreeIsWrittenAndRead() throws IOException {
    byte[] golden = golden("snapshot-v3");

    assertThat(StateSamples.snapshot()).isEqualTo(golden);
    ControlPlaneState read = TestCluster.restored(golden);
    assertThat(TestCluster.snapshot(read)).isEqualTo(golden);
    assertThat(read.logs().former().isComplete()).isTrue();
  }

  @Test
  void versionTwoIsRead() throws IOException {
    byte[] golden = golden("snapshot-v2");

    ControlPlaneState read = TestCluster.restored(golden);
    assertThat(read.logs().former().isComplete()).isFalse();
    byte[] asThree = Arrays.copyOf(golden, golden.length + NO_FORMER.length);
    asThree[0] = 3;
    assertThat(TestCluster.snapshot(read)).isEqualTo(asThree);
    byte[] three = golden("snapshot-v3");
    assertThat(Arrays.copyOfRange(golden, 1, golden.length))
        .isEqualTo(Arrays.copyOfRange(three, 1, golden.length));
    ControlPlaneState newer = TestCluster.restored(three);
    assertThat(StateHash.of(read).withoutFormer()).isEqualTo(StateHash.of(newer).withoutFormer());
    WireReader former = new WireReader(three, golden.length, three.length - golden.length);
    assertThat(former.readCount(4)).isEqualTo(2);
  }

  @Test
  void extentsWithOffsetsOfTheirOwnAreWrittenAndReadAtTheSecondLevel() throws IOException {
    byte[] golden = golden("snapshot-v4-own-offsets");

    assertThat(StateSamples.snapshotOfReplaced()).isEqualTo(golden);
    assertThat(TestCluster.snapshot(TestCluster.restored(golden))).isEqualTo(golden);
    golden[0] = 3;
    assertThatThrownBy(() -> TestCluster.restored(golden))
        .isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void theSampleHoldsSomeOfEverything() {
    ControlPlaneState state = TestCluster.restored(StateSamples.snapshot());

    assertThat(state.agents().ids()).isNotEmpty();
    assertThat(state.leases().outstanding()).isNotEmpty();
    assertThat(state.transactions().open()).hasSize(1);
    assertThat(state.groups().rows()).isNotEmpty();
    assertThat(state.groups().producers()).isNotEmpty();
    assertThat(state.resources().settings(Kind.GROUP)).isNotEmpty();
    PartitionId shared =
        new PartitionId(
            state.catalog().all().topics().stream()
                .filter(topic -> topic.name().equals("t"))
                .findFirst()
                .orElseThrow()
                .id(),
            1);
    assertThat(state.shares().summary("queue", shared)).isPresent();
    assertThat(state.logs().former().find("gone", 0))
        .isNotEqualTo(FormerProducers.OfPartition.NONE);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in =
        StateGoldenTest.class.getResourceAsStream("/format/state/" + name + ".hex")) {
      return HexFormat.of()
          .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }
}
