package io.weft.server.cost;

/// What was asked of a store for one purpose, or its rate per second.
///
/// @param answered requests that the store did or refused (2xx and 4xx)
/// @param failed requests that it failed at (5xx) or gave no answer to
/// @param bytesUp of objects
record Usage(Requests answered, Requests failed, double bytesUp, double bytesDown) {
  static final Usage NONE = new Usage(Requests.NONE, Requests.NONE, 0, 0);

  static Usage puts(double count, double bytes) {
    return new Usage(new Requests(count, 0, 0, 0), Requests.NONE, bytes, 0);
  }

  static Usage gets(double count, double bytes) {
    return new Usage(new Requests(0, 0, count, 0), Requests.NONE, 0, bytes);
  }

  static Usage deletes(double count) {
    return new Usage(new Requests(0, 0, 0, count), Requests.NONE, 0, 0);
  }

  Usage plus(Usage other) {
    return new Usage(
        answered.plus(other.answered),
        failed.plus(other.failed),
        bytesUp + other.bytesUp,
        bytesDown + other.bytesDown);
  }

  Usage times(double factor) {
    return new Usage(
        answered.times(factor), failed.times(factor), bytesUp * factor, bytesDown * factor);
  }

  boolean isNegative() {
    return answered.isNegative() || failed.isNegative() || bytesUp < 0 || bytesDown < 0;
  }
}
