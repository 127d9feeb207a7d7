package io.weft.model;

/// An availability zone's name, as the operator gives it; empty where there is only one.
public record Zone(String name) {
  public static final int NAME_CHARS_MAX = 128;
  public static final Zone NONE = new Zone("");

  public Zone {
    if (name.length() > NAME_CHARS_MAX) {
      throw new IllegalArgumentException("zone name longer than " + NAME_CHARS_MAX);
    }
  }
}
