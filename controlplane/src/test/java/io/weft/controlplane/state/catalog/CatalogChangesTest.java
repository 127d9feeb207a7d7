package io.weft.controlplane.state.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Members;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A reader that follows the pages has the catalog, whatever changes between them.
final class CatalogChangesTest {
  /// A topic with it makes a page of a few hundred.
  private static final String LONG = "v".repeat(4_000);

  private CatalogChanges changes = new CatalogChanges();
  private final TreeMap<String, Topic> byName = new TreeMap<>();
  private final Map<TopicId, Topic> byId = new HashMap<>();
  private int membershipEpoch = 1;
  private long nextId = 1;

  private Page page(Position known) {
    Members members = new Members(membershipEpoch, List.of());
    return changes.after(known, new CatalogChanges.Now("cluster", byName, byId, members));
  }

  private void create(String name) {
    put(new Topic(new TopicId(1, nextId++), name, 1, (short) 1, 0, Map.of("k", LONG)));
  }

  private void put(Topic topic) {
    byName.put(topic.name(), topic);
    byId.put(topic.id(), topic);
    changes.note(topic.id());
  }

  private void delete(String name) {
    Topic gone = byName.remove(name);
    byId.remove(gone.id());
    changes.note(gone.id());
  }

  /// It is deleted, and comes back under another name.
  private void comeBack(String name, String now) {
    Topic topic = byName.remove(name);
    put(new Topic(topic.id(), now, topic.partitions(), (short) 1, 0, topic.settings()));
  }

  private void grow(String name) {
    Topic topic = byName.get(name);
    put(new Topic(topic.id(), name, topic.partitions() + 1, (short) 1, 0, topic.settings()));
  }

  private void requireSame(CatalogCopy copy) {
    assertThat(copy.catalog().topics()).containsExactlyElementsOf(byName.values());
    assertThat(copy.catalog().version()).isEqualTo(changes.version());
    assertThat(copy.catalog().membershipEpoch()).isEqualTo(membershipEpoch);
  }

  @Test
  void manyTopicsComeInPagesOfLimitedBytes() {
    for (int i = 0; i < 2_000; i++) {
      create("t" + i);
    }
    List<Page> pages = new ArrayList<>();
    CatalogCopy copy = new CatalogCopy();
    copy.follow(
        known -> {
          pages.add(page(known));
          return pages.getLast();
        });

    requireSame(copy);
    assertThat(pages).hasSizeBetween(5, 20);
    assertThat(pages.stream().filter(Page::anew)).containsExactly(pages.getFirst());
    for (Page page : pages) {
      long chars = page.topics().stream().mapToLong(topic -> topic.name().length() + 4_001L).sum();
      assertThat(chars).isLessThan(TopicCatalog.PAGE_BYTES_MAX);
    }
  }

  /// Also the differences for a reader that comes late.
  @Test
  void manyChangesComeInPagesToo() {
    CatalogCopy copy = new CatalogCopy();
    copy.follow(this::page);
    for (int i = 0; i < 1_000; i++) {
      create("t" + i);
    }
    Page first = page(new Position(0, 1, Optional.empty()));

    assertThat(first.more()).isTrue();
    assertThat(first.anew()).isFalse();
    copy.follow(this::page);
    requireSame(copy);
  }

  @Test
  void oneChangeCostsOneTopicHoweverManyThereAre() {
    for (int i = 0; i < 500; i++) {
      create("t" + i);
    }
    CatalogCopy copy = new CatalogCopy();
    copy.follow(this::page);
    for (int i = 0; i < 100; i++) {
      grow("t7");
    }
    List<Page> pages = new ArrayList<>();
    copy.follow(
        known -> {
          pages.add(page(known));
          return pages.getLast();
        });

    requireSame(copy);
    assertThat(pages).hasSize(1);
    assertThat(pages.getFirst().topics()).extracting(Topic::name).containsExactly("t7");
    assertThat(pages.getFirst().members()).isEmpty();
  }

  /// A reader that has not heard of its deletion knows it by its former name.
  @Test
  void aTopicThatComesBackHasItsNewNameAlone() {
    create("a");
    create("b");
    CatalogCopy copy = new CatalogCopy();
    copy.follow(this::page);
    comeBack("a", "z");
    comeBack("b", "a");
    copy.follow(this::page);
    requireSame(copy);
    comeBack("a", "b");
    create("a");
    copy.follow(this::page);
    requireSame(copy);
    delete("b");
    copy.follow(this::page);
    requireSame(copy);
  }

  @Test
  void agentsAloneComeWithoutTopics() {
    create("t");
    CatalogCopy copy = new CatalogCopy();
    copy.follow(this::page);
    membershipEpoch = 2;
    changes.note();

    assertThat(copy.follow(this::page)).isTrue();
    requireSame(copy);
    assertThat(copy.follow(this::page)).isFalse();
  }

  @Test
  void oneWhoIsTooOldBeginsAnew() {
    create("gone");
    CatalogCopy copy = new CatalogCopy();
    copy.follow(this::page);
    delete("gone");
    create("there");
    for (int i = 0; i < CatalogChanges.CHANGES_MAX; i++) {
      grow("there");
    }
    copy.follow(this::page);

    requireSame(copy);
  }

  /// A leader that began at a snapshot knows nothing of what was before, and one that lost its
  /// journal's end is behind its readers.
  @Test
  void anotherLeadersReaderBeginsAnewIfItMust() {
    create("a");
    create("b");
    CatalogCopy copy = new CatalogCopy();
    copy.follow(this::page);
    delete("a");
    long version = changes.version();

    changes = new CatalogChanges();
    changes.beginAt(version);
    copy.follow(this::page);
    requireSame(copy);

    changes = new CatalogChanges();
    changes.beginAt(version - 2);
    delete("b");
    copy.follow(this::page);
    requireSame(copy);
  }

  @Test
  void whateverChangesBetweenThePagesIsFound() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 800; i++) {
      create("t" + 2 * i);
    }
    CatalogCopy copy = new CatalogCopy();
    for (int round = 0; round < 30; round++) {
      int[] calmAfter = {random.nextInt(12)};
      copy.follow(
          known -> {
            if (calmAfter[0]-- > 0) {
              change(random);
            }
            Page page = page(known);
            if (calmAfter[0]-- > 0) {
              change(random);
            }
            return page;
          });
      copy.follow(this::page);
      assertThat(copy.catalog().topics())
          .as("seed %d, round %d", seed, round)
          .containsExactlyElementsOf(byName.values());
      for (int i = random.nextInt(400); i > 0; i--) {
        change(random);
      }
      if (random.nextInt(5) == 0) {
        copy = new CatalogCopy();
      }
    }
  }

  private void change(Random random) {
    String name = "t" + random.nextInt(2_000);
    if (!byName.containsKey(name)) {
      create(name);
      return;
    }
    switch (random.nextInt(5)) {
      case 0 -> delete(name);
      case 3 -> {
        String other = "t" + random.nextInt(2_000);
        comeBack(name, byName.containsKey(other) ? name : other);
      }
      case 1 -> {
        delete(name);
        create(name);
      }
      case 2 -> {
        membershipEpoch++;
        changes.note();
      }
      default -> grow(name);
    }
  }
}
