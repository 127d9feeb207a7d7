package io.weft.server.versions;

import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;

/// One request of an API in some version.
///
/// @param expected whether it should succeed, fail, or either
record VersionedRequest(ApiMessage request, Expected expected) {
  enum Expected {
    SUCCESS,
    ERROR,
    ANY
  }

  /// What is asked of an API in a version.
  interface Questions {
    List<VersionedRequest> of(short version);
  }

  static VersionedRequest good(ApiMessage request) {
    return new VersionedRequest(request, Expected.SUCCESS);
  }

  static VersionedRequest wrong(ApiMessage request) {
    return new VersionedRequest(request, Expected.ERROR);
  }

  static VersionedRequest either(ApiMessage request) {
    return new VersionedRequest(request, Expected.ANY);
  }
}
