package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogSnapshotTest {
  private static Topic topic(int id, long settingsVersion, Map<String, String> settings) {
    return new Topic(new TopicId(0, id), "t" + id, 1, (short) 1, settingsVersion, settings);
  }

  private static Catalog catalog(long version, Topic... topics) {
    return new Catalog(version, "cluster", 1, List.of(topics), List.of());
  }

  @Test
  void settingsAreParsedOnceForEachOfTheirVersions() {
    Topic kept = topic(1, 1, Map.of("retention.ms", "5"));
    Topic changing = topic(2, 1, Map.of("retention.ms", "6"));
    Topic changed = topic(2, 2, Map.of("retention.ms", "7"));
    Topic plain = topic(3, 1, Map.of());
    CatalogSnapshot first = CatalogSnapshot.of(catalog(1, kept, changing, plain));
    CatalogSnapshot second = first.followedBy(catalog(2, kept, changed, plain));

    assertThat(second.settings(kept)).isSameAs(first.settings(kept));
    assertThat(second.settings(kept).retentionMs()).isEqualTo(5);
    assertThat(first.settings(changing).retentionMs()).isEqualTo(6);
    assertThat(second.settings(changed).retentionMs()).isEqualTo(7);
    assertThat(second.settings(plain)).isSameAs(TopicSettings.DEFAULTS);
  }

  @Test
  void settingsThatWereTakenAwayAreNotKept() {
    CatalogSnapshot first =
        CatalogSnapshot.of(catalog(1, topic(1, 1, Map.of("retention.ms", "5"))));
    Topic bare = topic(1, 2, Map.of());

    assertThat(first.followedBy(catalog(2, bare)).settings(bare)).isSameAs(TopicSettings.DEFAULTS);
  }
}
