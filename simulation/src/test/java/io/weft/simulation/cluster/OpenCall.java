package io.weft.simulation.cluster;

import org.apache.kafka.common.protocol.ApiKeys;

/// A client's call: it has been sent, and is open until it is answered or its connection is lost.
/// Owned by its connection.
public final class OpenCall {
  private final ApiKeys api;
  private boolean open = true;

  OpenCall(ApiKeys api) {
    this.api = api;
  }

  public ApiKeys api() {
    return api;
  }

  public boolean isOpen() {
    return open;
  }

  void close() {
    open = false;
  }
}
