package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.storage.object.ObjectBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bytes of entries and snapshots, as they are written and as they stay readable for ever.
final class JournalGoldenTest {
  private static final JournalTip BEFORE = new JournalTip(41, 3, 77, 1_000, 0xCAFE);
  private static final JournalTip TIP = new JournalTip(42, 3, 77, 1_234, 0xCAFE);
  private static final int FIRST_PART = 16;
  private static final byte[] BODY = body();

  @Test
  void anEntry() throws IOException {
    byte[] golden = golden("entry-v1");

    assertThat(JournalEntry.following(BEFORE, 3, 77, 1_234, BODY).frame()).isEqualTo(golden);
    JournalEntry read = JournalEntry.read(42, golden);
    assertThat(read.body()).isEqualTo(BODY);
    assertThat(read.previousCrc()).isEqualTo(0xCAFE);
  }

  @Test
  void aSnapshotInOneObject() throws IOException {
    byte[] golden = golden("snapshot-v1");

    ObjectBody written = SnapshotFrame.whole(TIP, ByteBuffer.wrap(BODY));
    assertThat(written.toBytes()).isEqualTo(golden);
    assertThat(written.intact()).isTrue();
    assertThat(SnapshotFrame.read(42, golden))
        .isInstanceOfSatisfying(
            SnapshotFrame.Whole.class,
            whole -> {
              assertThat(whole.tip()).isEqualTo(TIP);
              assertThat(whole.state()).isEqualTo(BODY);
            });
  }

  @Test
  void aSnapshotInParts() throws IOException {
    byte[] golden = golden("snapshot-v2");
    List<SnapshotFrame.Part> parts =
        List.of(
            SnapshotFrame.Part.of(ByteBuffer.wrap(BODY, 0, FIRST_PART)),
            SnapshotFrame.Part.of(ByteBuffer.wrap(BODY, FIRST_PART, BODY.length - FIRST_PART)));

    ObjectBody written = SnapshotFrame.inParts(TIP, parts);
    assertThat(written.toBytes()).isEqualTo(golden);
    assertThat(written.intact()).isTrue();
    assertThat(SnapshotFrame.read(42, golden)).isEqualTo(new SnapshotFrame.InParts(TIP, parts));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in =
        JournalGoldenTest.class.getResourceAsStream("/format/journal/" + name + ".hex")) {
      return HexFormat.of()
          .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }

  private static byte[] body() {
    byte[] body = new byte[40];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i + 1);
    }
    return body;
  }
}
