package io.weft.controlplane.state.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.state.share.ShareSettings.Reset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShareSettingsTest {
  @Test
  void takesAValueWithBlanksAroundItAsKafkaDoes() {
    Map<String, String> padded =
        Map.of(
            "share.partition.max.record.locks", " 300\u0001",
            "share.delivery.count.limit", "\t7",
            "share.auto.offset.reset", " earliest ",
            "share.isolation.level", "read_committed\n",
            "share.renew.acknowledge.enable", " False");

    assertThat(ShareSettings.of(padded))
        .isEqualTo(new ShareSettings(300, 7, 30_000, new Reset.Earliest(), true, false));
  }

  @Test
  void takesWhatItDoesNotUnderstandForNotSet() {
    assertThat(
            ShareSettings.of(
                Map.of(
                    "share.partition.max.record.locks", "many",
                    "share.auto.offset.reset", "somewhere",
                    "share.isolation.level", "strict")))
        .isEqualTo(ShareSettings.DEFAULT);
  }
}
