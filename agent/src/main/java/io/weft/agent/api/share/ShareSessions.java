package io.weft.agent.api.share;

import io.weft.agent.share.Member;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/// The share sessions of this agent's clients, a bounded number. Thread-safe.
public final class ShareSessions {
  private final int sessionsMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Member, ShareSession> sessions = new LinkedHashMap<>();

  /// @param sessionsMax as `group.share.max.share.sessions`
  public ShareSessions(int sessionsMax) {
    this.sessionsMax = sessionsMax;
  }

  /// Sessions now.
  public int count() {
    lock.lock();
    try {
      return sessions.size();
    } finally {
      lock.unlock();
    }
  }

  /// Takes in what a share fetch says of its session.
  ///
  /// @param named partitions the request names; they join the session
  /// @param acknowledges whether the request has acknowledgements
  ShareTurn begin(
      ShareSession session,
      int epoch,
      Collection<SharePart> named,
      Collection<SharePart> forgotten,
      boolean acknowledges) {
    lock.lock();
    try {
      ShareSession known = sessions.get(session.member());
      if (epoch == ShareRequestMetadata.FINAL_EPOCH) {
        return known == null
            ? new ShareTurn.Refused(Errors.SHARE_SESSION_NOT_FOUND)
            : new ShareTurn.Last();
      }
      if (epoch == ShareRequestMetadata.INITIAL_EPOCH) {
        return acknowledges ? new ShareTurn.Refused(Errors.INVALID_REQUEST) : first(session, named);
      }
      if (known == null) {
        return new ShareTurn.Refused(Errors.SHARE_SESSION_NOT_FOUND);
      }
      if (known.epoch() != epoch) {
        return new ShareTurn.Refused(Errors.INVALID_SHARE_SESSION_EPOCH);
      }
      if (!known.update(named, forgotten)) {
        return new ShareTurn.Refused(Errors.INVALID_REQUEST);
      }
      known.advance();
      return new ShareTurn.Fetching(known.partsInTurn(), false);
    } finally {
      lock.unlock();
    }
  }

  /// Takes in what an acknowledgement says of its session.
  ///
  /// @return the error of the whole request, if there is one
  Optional<Errors> acknowledge(Member member, int epoch) {
    if (epoch == ShareRequestMetadata.INITIAL_EPOCH) {
      return Optional.of(Errors.INVALID_SHARE_SESSION_EPOCH);
    }
    lock.lock();
    try {
      ShareSession known = sessions.get(member);
      if (known == null) {
        return Optional.of(Errors.SHARE_SESSION_NOT_FOUND);
      }
      if (epoch == ShareRequestMetadata.FINAL_EPOCH) {
        return Optional.empty();
      }
      if (known.epoch() != epoch) {
        return Optional.of(Errors.INVALID_SHARE_SESSION_EPOCH);
      }
      known.advance();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// Ends a session.
  ///
  /// @return its partitions
  List<SharePart> end(Member member) {
    lock.lock();
    try {
      ShareSession ended = sessions.remove(member);
      return ended == null ? List.of() : ended.parts();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the sessions of a connection that is no more.
  List<ShareSession> endThoseOf(long connectionId) {
    lock.lock();
    try {
      List<ShareSession> ended =
          sessions.values().stream()
              .filter(session -> session.connectionId() == connectionId)
              .toList();
      ended.forEach(session -> sessions.remove(session.member()));
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private ShareTurn first(ShareSession session, Collection<SharePart> named) {
    sessions.remove(session.member());
    if (sessions.size() >= sessionsMax) {
      return new ShareTurn.Refused(Errors.SHARE_SESSION_LIMIT_REACHED);
    }
    if (!session.update(named, List.of())) {
      return new ShareTurn.Refused(Errors.INVALID_REQUEST);
    }
    sessions.put(session.member(), session);
    return new ShareTurn.Fetching(session.partsInTurn(), true);
  }
}
