package io.weft.agent.api.share;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/// Which partitions a member reads from this agent. Guarded by the lock of [ShareSessions].
final class ShareSession {
  private final Member member;
  private final long connectionId;
  private final LinkedHashSet<SharePart> parts = new LinkedHashSet<>();
  private int epoch = ShareRequestMetadata.nextEpoch(ShareRequestMetadata.INITIAL_EPOCH);

  ShareSession(Member member, long connectionId) {
    this.member = member;
    this.connectionId = connectionId;
  }

  Member member() {
    return member;
  }

  long connectionId() {
    return connectionId;
  }

  int epoch() {
    return epoch;
  }

  void advance() {
    epoch = ShareRequestMetadata.nextEpoch(epoch);
  }

  void update(Collection<SharePart> added, Collection<SharePart> forgotten) {
    parts.addAll(added);
    forgotten.forEach(parts::remove);
  }

  List<SharePart> parts() {
    return List.copyOf(parts);
  }

  /// Each time another partition comes first, so that all of them get their turn.
  List<SharePart> partsInTurn() {
    List<SharePart> turned = new ArrayList<>(parts);
    if (!turned.isEmpty()) {
      Collections.rotate(turned, -(epoch % turned.size()));
    }
    return turned;
  }
}
