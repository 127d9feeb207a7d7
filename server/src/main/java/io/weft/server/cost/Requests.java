package io.weft.server.cost;

/// Requests by the classes that stores price, or their rate per second.
///
/// @param puts with copies and parts
/// @param gets with looks at one object
record Requests(double puts, double lists, double gets, double deletes) {
  static final Requests NONE = new Requests(0, 0, 0, 0);

  Requests plus(Requests other) {
    return new Requests(
        puts + other.puts, lists + other.lists, gets + other.gets, deletes + other.deletes);
  }

  Requests times(double factor) {
    return new Requests(puts * factor, lists * factor, gets * factor, deletes * factor);
  }

  boolean isNegative() {
    return puts < 0 || lists < 0 || gets < 0 || deletes < 0;
  }
}
