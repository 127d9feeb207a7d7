package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/// How often the control plane is asked, and which thread gets which answer.
class LiveCatalogTest {
  private final SlowTopics topics = new SlowTopics();
  private final LiveCatalog catalog = new LiveCatalog(topics);

  /// Every read after the first waits until the test answers it.
  private static final class SlowTopics implements TopicCatalog {
    final LinkedBlockingQueue<Pending<Catalog>> reads = new LinkedBlockingQueue<>();

    @Override
    public Page page(Position known) {
      if (known.version() < 0) {
        return Page.of(version(1), known);
      }
      Pending<Catalog> read = new Pending<>();
      reads.add(read);
      try {
        return Page.of(read.await(), known);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public CreateOutcome create(NewTopic topic) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(TopicId topic) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GrowOutcome grow(TopicId topic, int partitions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ConfigureOutcome configure(
        TopicId topic, long expectedVersion, Map<String, String> settings) {
      throw new UnsupportedOperationException();
    }
  }

  private static TopicCatalog.Catalog version(long version) {
    return new TopicCatalog.Catalog(version, "cluster", 0, List.of(), List.of());
  }

  /// Begins to ask, and returns once the thread waits.
  private Pending<Long> ask() {
    Pending<Long> answer = new Pending<>();
    Thread asker =
        Environment.system()
            .tasks()
            .start(
                "asker",
                () -> {
                  try {
                    answer.complete(catalog.fresh().version());
                  } catch (ControlPlaneException e) {
                    answer.fail(e);
                  }
                });
    while (asker.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return answer;
  }

  @Test
  void thoseWhoWaitShareTheNextRead() throws Exception {
    Pending<Long> first = ask();
    Pending<TopicCatalog.Catalog> firstRead = topics.reads.take();
    List<Pending<Long>> later = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      later.add(ask());
    }

    firstRead.complete(version(2));
    assertThat(first.await()).isEqualTo(2);
    // Not the first one's answer: that read had begun before they asked.
    topics.reads.take().complete(version(3));

    for (Pending<Long> each : later) {
      assertThat(each.await()).isEqualTo(3);
    }
    assertThat(topics.reads).isEmpty();
  }

  @Test
  void thoseWhoWaitShareAnOutage() throws Exception {
    ask();
    Pending<TopicCatalog.Catalog> firstRead = topics.reads.take();
    List<Pending<Long>> later = List.of(ask(), ask(), ask());

    firstRead.complete(version(1));
    topics.reads.take().fail(new ControlPlaneException.Unavailable("away", null));

    for (Pending<Long> each : later) {
      assertThat(failed(each)).isTrue();
    }
    assertThat(topics.reads).isEmpty();
  }

  @Test
  void anOutageIsNotRemembered() throws Exception {
    Pending<Long> first = ask();
    topics.reads.take().fail(new ControlPlaneException.Unavailable("away", null));
    assertThat(failed(first)).isTrue();

    Pending<Long> second = ask();
    topics.reads.take().complete(version(4));

    assertThat(second.await()).isEqualTo(4);
  }

  @Test
  void nothingOfAnotherClusterIsTaken() throws Exception {
    Pending<Long> first = ask();
    TopicCatalog.Topic topic =
        new TopicCatalog.Topic(new TopicId(1, 2), "theirs", 1, (short) 3, 0, Map.of());
    topics
        .reads
        .take()
        .complete(new TopicCatalog.Catalog(9, "other", 0, List.of(topic), List.of()));
    assertThat(failed(first)).isTrue();
    assertThat(catalog.known().version()).isEqualTo(1);

    Pending<Long> second = ask();
    topics.reads.take().complete(version(2));

    assertThat(second.await()).isEqualTo(2);
    assertThat(catalog.known().clusterId()).isEqualTo("cluster");
    assertThat(catalog.known().topic("theirs")).isEmpty();
  }

  private static boolean failed(Pending<Long> answer) throws InterruptedException {
    try {
      answer.await();
      return false;
    } catch (ControlPlaneException.Unavailable e) {
      return true;
    }
  }
}
