package io.weft.agent.api.share;

import java.util.Optional;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.protocol.Errors;

/// What is wrong with a request before anything is looked up. Stateless.
final class ShareRules {
  private static final int MEMBER_CHARACTERS_MAX = 36;

  private ShareRules() {}

  static Optional<ApiException> wrong(String group, String member) {
    if (group == null) {
      return invalid("Invalid group id in the request.");
    }
    if (member == null || member.isEmpty() || member.length() > MEMBER_CHARACTERS_MAX) {
      return invalid("Invalid member id in the request.");
    }
    return Optional.empty();
  }

  /// A request that renews fetches nothing (KIP-1222).
  static Optional<ApiException> wrong(ShareFetchRequestData request) {
    Optional<ApiException> identity = wrong(request.groupId(), request.memberId());
    if (identity.isPresent() || !request.isRenewAck()) {
      return identity;
    }
    boolean fetches =
        request.maxBytes() != 0
            || request.minBytes() != 0
            || request.maxRecords() != 0
            || request.maxWaitMs() != 0;
    return fetches
        ? invalid("A request with renew acknowledgements asks for records too.")
        : Optional.empty();
  }

  private static Optional<ApiException> invalid(String why) {
    return Optional.of(Errors.INVALID_REQUEST.exception(why));
  }
}
