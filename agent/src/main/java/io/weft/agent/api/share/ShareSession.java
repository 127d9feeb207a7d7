package io.weft.agent.api.share;

import io.weft.agent.share.Member;
import io.weft.controlplane.api.ShareGroups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/// Which partitions a member reads from this agent. Guarded by the lock of [ShareSessions].
final class ShareSession {
  /// As many as can be acquired from in one question.
  static final int PARTS_MAX = ShareGroups.PARTITIONS_PER_CALL_MAX;

  private final Member member;
  private final long connectionId;
  private LinkedHashSet<SharePart> parts = new LinkedHashSet<>();
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

  /// @return false if there would be more than [#PARTS_MAX]; then nothing has changed
  boolean update(Collection<SharePart> added, Collection<SharePart> forgotten) {
    if (added.isEmpty() && forgotten.isEmpty()) {
      return true;
    }
    LinkedHashSet<SharePart> next = new LinkedHashSet<>(parts);
    next.addAll(added);
    forgotten.forEach(next::remove);
    if (next.size() > PARTS_MAX) {
      return false;
    }
    parts = next;
    return true;
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
