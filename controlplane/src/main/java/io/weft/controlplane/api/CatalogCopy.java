package io.weft.controlplane.api;

import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.Members;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.TopicId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Follows the catalog page by page. Used by one thread.
///
/// It keeps what it has if a page does not come: the next call goes on from there.
public final class CatalogCopy {
  private final TreeMap<String, Topic> byName = new TreeMap<>();
  private final Map<TopicId, String> names = new HashMap<>();
  private Position reached = Position.NOWHERE;
  private Members members = new Members(-1, List.of());
  private String clusterId = "";

  /// The catalog as it is now.
  public static Catalog whole(Function<Position, Page> pages) {
    CatalogCopy copy = new CatalogCopy();
    copy.follow(pages);
    return copy.catalog();
  }

  /// Reads all that is new.
  ///
  /// @return whether anything was
  public boolean follow(Function<Position, Page> pages) {
    Position before = reached;
    Page page;
    do {
      page = pages.apply(reached);
      take(page);
    } while (page.more());
    return !reached.equals(before);
  }

  /// What has been read. Of one version only after [#follow] has returned.
  public Catalog catalog() {
    return new Catalog(
        reached.version(),
        clusterId,
        members.epoch(),
        List.copyOf(byName.values()),
        members.agents());
  }

  /// -1 before anything has been read.
  public long version() {
    return reached.version();
  }

  private void take(Page page) {
    if (page.anew()) {
      byName.clear();
      names.clear();
    }
    // First what is gone: a name may have been given again.
    page.deleted().forEach(this::remove);
    // One that was deleted and brought back may have another name.
    page.topics().forEach(topic -> remove(topic.id()));
    for (Topic topic : page.topics()) {
      byName.put(topic.name(), topic);
      names.put(topic.id(), topic.name());
    }
    page.members().ifPresent(newer -> members = newer);
    clusterId = page.clusterId();
    reached = page.reached();
  }

  private void remove(TopicId id) {
    String name = names.remove(id);
    Topic there = name == null ? null : byName.get(name);
    if (there != null && there.id().equals(id)) {
      byName.remove(name);
    }
  }
}
