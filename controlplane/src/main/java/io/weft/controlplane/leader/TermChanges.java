package io.weft.controlplane.leader;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.groups.LedGroups;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.List;
import java.util.Map;

/// What a term's records change, told to its listeners: the feeds, and the groups, whose staged
/// offsets end with their transactions, and which have their own settings. Owned by the leader
/// thread.
record TermChanges(FeedDesk feeds, LedGroups groups) implements ChangeListener {
  @Override
  public void advanced(PartitionId partition, PartitionBounds bounds, List<Span> appended) {
    feeds.advanced(partition, bounds, appended);
  }

  @Override
  public void replaced(PartitionId partition, List<Extent> extents) {
    feeds.replaced(partition, extents);
  }

  @Override
  public void gone(PartitionId partition) {
    feeds.gone(partition);
  }

  @Override
  public void catalogChanged(long version) {
    feeds.catalogChanged(version);
  }

  @Override
  public void transactionEnded(long producerId, short producerEpoch, boolean committed) {
    groups.transactionEnded(producerId, producerEpoch, committed);
  }

  @Override
  public void resourceConfigured(Kind kind, String name, Map<String, String> settings) {
    if (kind == Kind.GROUP) {
      groups.configure(name, settings);
    }
  }
}
