package io.weft.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.TopicId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What every way to a control plane does with a catalog as large as it may be.
abstract class CatalogContract extends AdministrationContract {
  private TopicCatalog topics() {
    return plane().as(TopicCatalog.class);
  }

  /// As many topics with as long settings as one reply could never hold: all limits hold together.
  @Test
  public void aCatalogOfTheLargestSettingsIsReadAndCanBeMended() {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i < 4; i++) {
      String name = "setting-" + i;
      settings.put(name, "\u20ac".repeat(TopicCatalog.SETTING_CHARS_MAX - name.length()));
    }
    long charsEach = (long) TopicCatalog.SETTING_CHARS_MAX * settings.size();
    assertThat(charsEach).isEqualTo(TopicCatalog.SETTING_CHARS_PER_TOPIC_MAX);
    int topics = Math.toIntExact(TopicCatalog.SETTING_CHARS_IN_ALL_MAX / charsEach);
    CatalogCopy copy = new CatalogCopy();
    for (int i = 0; i < topics; i++) {
      assertThat(topics().create(new NewTopic(large(i), "t" + i, 1, (short) 1, settings)))
          .isEqualTo(CreateOutcome.CREATED);
    }
    assertThat(topics().create(new NewTopic(large(topics), "more", 1, (short) 1, Map.of("a", "b"))))
        .isEqualTo(CreateOutcome.LIMIT_REACHED);

    copy.follow(topics()::page);
    assertThat(copy.catalog().topics()).hasSize(topics);
    Topic first = copy.catalog().topics().getFirst();
    assertThat(first.settings()).isEqualTo(settings);

    assertThat(topics().create(new NewTopic(large(topics), "plain", 1, (short) 1, Map.of())))
        .isEqualTo(CreateOutcome.CREATED);
    assertThat(topics().configure(large(topics), 0, Map.of("a", "b")))
        .isEqualTo(ConfigureOutcome.LIMIT_REACHED);
    assertThat(topics().configure(first.id(), first.settingsVersion(), Map.of("c", "d")))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
    assertThat(topics().configure(large(topics), 0, Map.of("a", "b")))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
    assertThat(topics().delete(large(1))).isTrue();

    Page difference = topics().page(position(copy.catalog()));
    assertThat(difference.anew()).isFalse();
    assertThat(difference.more()).isFalse();
    assertThat(difference.topics())
        .extracting(Topic::name)
        .containsExactlyInAnyOrder("plain", "t0");
    assertThat(difference.deleted()).containsExactly(large(1));
    copy.follow(topics()::page);
    assertThat(copy.catalog()).isEqualTo(topics().read(-1).orElseThrow());
  }

  private static TopicId large(int number) {
    return new TopicId(8, number);
  }

  private static Position position(Catalog catalog) {
    return new Position(catalog.version(), catalog.membershipEpoch(), Optional.empty());
  }
}
