package io.weft.agent.api.fetch;

import io.weft.agent.api.fetch.FetchPart.PartKey;
import io.weft.environment.Environment;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;

/// The fetch sessions of this agent's clients (KIP-227), a bounded number. Thread-safe.
///
/// Where all slots are taken, a new session gets that of the least recently used one if that is
/// stale, else that of the smallest old one if it is not larger than the new one; else there is
/// none, and the client sends full fetches.
public final class FetchSessions {
  private final Environment environment;
  private final SessionSettings settings;
  private final ReentrantLock lock = new ReentrantLock();

  /// Least recently used first.
  private final LinkedHashMap<Integer, FetchSession> sessions = new LinkedHashMap<>();

  public FetchSessions(Environment environment, SessionSettings settings) {
    this.environment = environment;
    this.settings = settings;
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

  FetchTurn begin(
      FetchMetadata metadata,
      boolean usesTopicIds,
      SequencedMap<PartKey, FetchPart> parts,
      Collection<PartKey> forgotten) {
    lock.lock();
    try {
      if (metadata.isFull()) {
        sessions.remove(metadata.sessionId());
        return metadata.epoch() == FetchMetadata.FINAL_EPOCH
            ? new FetchTurn.Single(parts)
            : new FetchTurn.Full(parts, usesTopicIds);
      }
      FetchSession session = sessions.get(metadata.sessionId());
      if (session == null) {
        return new FetchTurn.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
      }
      if (session.epoch() != metadata.epoch()) {
        return new FetchTurn.Refused(Errors.INVALID_FETCH_SESSION_EPOCH);
      }
      if (session.usesTopicIds() != usesTopicIds) {
        return new FetchTurn.Refused(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
      }
      session.update(parts.sequencedValues(), forgotten);
      if (session.size() == 0) {
        sessions.remove(session.id());
        return new FetchTurn.Single(parts);
      }
      session.advance(environment.clock().monotonicMs());
      sessions.putLast(session.id(), session);
      return new FetchTurn.Incremental(session, session.parts(), session.epoch());
    } finally {
      lock.unlock();
    }
  }

  /// The name a session's topic id had when it was last resolved.
  Optional<String> nameOf(FetchSession session, Uuid topicId) {
    lock.lock();
    try {
      return session.nameOf(topicId);
    } finally {
      lock.unlock();
    }
  }

  /// Begins a session with a full fetch that is answered now.
  ///
  /// @return its id, or [FetchMetadata#INVALID_SESSION_ID] if there is no slot
  int create(
      FetchTurn.Full full, Map<PartKey, PartitionData> answers, Map<Uuid, String> resolvedNames) {
    lock.lock();
    try {
      long nowMs = environment.clock().monotonicMs();
      if (sessions.size() >= settings.slotsMax() && !evict(full.parts().size(), nowMs)) {
        return FetchMetadata.INVALID_SESSION_ID;
      }
      FetchSession session = new FetchSession(newId(), full.usesTopicIds(), nowMs);
      session.begin(full.parts().sequencedValues(), answers);
      session.remember(resolvedNames);
      sessions.put(session.id(), session);
      return session.id();
    } finally {
      lock.unlock();
    }
  }

  /// @return what of an incremental fetch's answers is news, or empty if another request has moved
  ///   the session on meanwhile
  Optional<List<PartKey>> news(
      FetchTurn.Incremental turn,
      Map<PartKey, PartitionData> answers,
      Map<Uuid, String> resolvedNames) {
    lock.lock();
    try {
      if (turn.session().epoch() != turn.epoch()) {
        return Optional.empty();
      }
      turn.session().remember(resolvedNames);
      return Optional.of(turn.session().news(answers));
    } finally {
      lock.unlock();
    }
  }

  private boolean evict(int newSize, long nowMs) {
    Map.Entry<Integer, FetchSession> oldest = sessions.firstEntry();
    if (oldest == null) {
      return false;
    }
    if (nowMs - oldest.getValue().usedMs() > settings.staleMs()) {
      sessions.remove(oldest.getKey());
      return true;
    }
    Optional<FetchSession> smallest =
        sessions.values().stream()
            .filter(session -> nowMs - session.createdMs() > settings.staleMs())
            .min(Comparator.comparingInt(FetchSession::size))
            .filter(session -> session.size() <= newSize);
    smallest.ifPresent(session -> sessions.remove(session.id()));
    return smallest.isPresent();
  }

  private int newId() {
    int id;
    do {
      id = 1 + environment.randomness().nextInt(Integer.MAX_VALUE - 1);
    } while (sessions.containsKey(id));
    return id;
  }
}
