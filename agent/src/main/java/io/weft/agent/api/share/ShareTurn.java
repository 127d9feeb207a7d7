package io.weft.agent.api.share;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/// What a share fetch means, once its session is known.
sealed interface ShareTurn {
  /// @param error of the whole request
  record Refused(Errors error) implements ShareTurn {}

  /// The last of its session: acknowledges, fetches nothing.
  record Last() implements ShareTurn {}

  /// @param parts all of the session's, in the order in which they are served
  /// @param first whether the session begins: then every partition is answered
  record Fetching(List<SharePart> parts, boolean first) implements ShareTurn {}
}
