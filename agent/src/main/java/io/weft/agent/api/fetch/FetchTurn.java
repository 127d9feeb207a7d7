package io.weft.agent.api.fetch;

import io.weft.agent.api.fetch.FetchPart.PartKey;
import java.util.List;
import java.util.SequencedMap;
import org.apache.kafka.common.protocol.Errors;

/// What a fetch request means, once its session is known.
sealed interface FetchTurn {
  /// @param error of the whole request
  record Refused(Errors error) implements FetchTurn {}

  /// The request stands for itself.
  record Single(SequencedMap<PartKey, FetchPart> parts) implements FetchTurn {}

  /// The request stands for itself and would like a session to begin with it.
  record Full(SequencedMap<PartKey, FetchPart> parts, boolean usesTopicIds) implements FetchTurn {}

  /// The request changes what its session knows.
  ///
  /// @param parts all of the session's
  /// @param epoch the session's after this request
  record Incremental(FetchSession session, List<FetchPart> parts, int epoch) implements FetchTurn {}
}
