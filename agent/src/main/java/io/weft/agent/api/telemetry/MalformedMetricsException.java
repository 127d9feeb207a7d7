package io.weft.agent.api.telemetry;

/// Bytes that are not metrics in the OpenTelemetry protocol.
final class MalformedMetricsException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedMetricsException(String message, Throwable cause) {
    super(message, cause);
  }
}
