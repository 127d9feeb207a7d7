package io.weft.server.versions;

import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;

/// One request of an API in some version.
///
/// @param expected whether it should succeed, fail, or either
record Ask(ApiMessage request, Expected expected) {
  enum Expected {
    SUCCESS,
    ERROR,
    ANY
  }

  /// What is asked of an API in a version.
  interface Questions {
    List<Ask> of(short version);
  }

  static Ask good(ApiMessage request) {
    return new Ask(request, Expected.SUCCESS);
  }

  static Ask wrong(ApiMessage request) {
    return new Ask(request, Expected.ERROR);
  }

  static Ask either(ApiMessage request) {
    return new Ask(request, Expected.ANY);
  }
}
