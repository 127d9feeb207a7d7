package io.weft.model;

import java.util.regex.Pattern;

/// The name of one of the addresses that agents answer clients at. Clients do not know it: a client
/// that came in by the listener of one agent is sent to the listeners of that name of the others.
///
/// @param name capital letters, digits, `_` and `-`, a letter first, as Kafka's listeners have them
public record ListenerName(String name) {
  public static final int NAME_CHARS_MAX = 64;

  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_-]*");

  /// That of an agent whose operator names none.
  public static final ListenerName PLAINTEXT = new ListenerName("PLAINTEXT");

  public ListenerName {
    if (name.length() > NAME_CHARS_MAX) {
      throw new IllegalArgumentException("a listener's name longer than " + NAME_CHARS_MAX);
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a listener's name of other characters than it may have");
    }
  }
}
