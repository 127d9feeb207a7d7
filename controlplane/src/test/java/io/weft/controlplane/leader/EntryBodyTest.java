package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.leader.quarantine.Suspect;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bytes stand in journals: none of these lines may ever change.
final class EntryBodyTest {
  private static final Suspect SUSPECT = new Suspect("AskGroups 68", 1, -2);

  @Test
  void theBytesOfEachKindStay() {
    assertThat(hex(EntryBody.heartbeat())).isEqualTo("01");
    assertThat(hex(EntryBody.leaderStarted("one"))).isEqualTo("02066f6e65");
    assertThat(hex(EntryBody.resigned())).isEqualTo("03");
    assertThat(hex(EntryBody.quarantined(SUSPECT)))
        .isEqualTo("041841736b47726f7570732036380000000000000001fffffffffffffffe");
  }

  @Test
  void eachKindIsReadAsItWasWritten() {
    assertThat(EntryBody.read(EntryBody.heartbeat())).isEqualTo(new EntryBody.Records(List.of()));
    assertThat(EntryBody.read(EntryBody.leaderStarted("one")))
        .isEqualTo(new EntryBody.LeaderStarted("one"));
    assertThat(EntryBody.read(EntryBody.resigned())).isEqualTo(new EntryBody.Resigned());
    assertThat(EntryBody.read(EntryBody.quarantined(SUSPECT)))
        .isEqualTo(new EntryBody.Quarantined(SUSPECT));
  }

  @Test
  void whatIsNoneIsMalformed() {
    for (String bytes : List.of("", "05", "0300", "0401", "04ff7f00")) {
      assertThatThrownBy(() -> EntryBody.read(HexFormat.of().parseHex(bytes)))
          .isInstanceOf(MalformedBytesException.class);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
