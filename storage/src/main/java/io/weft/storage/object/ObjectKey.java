package io.weft.storage.object;

/// An object's name: 1 to 512 of `A-Z a-z 0-9 . _ - /`, no empty, `.` or `..` part, so that it can
/// stand below any folder or prefix. Never made from a user's text.
public record ObjectKey(String name) implements Comparable<ObjectKey> {
  public static final int NAME_CHARS_MAX = 512;

  public ObjectKey {
    if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
      throw new IllegalArgumentException("object key of " + name.length() + " characters");
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("object key with an empty or dotted part: " + name);
      }
    }
    for (int i = 0; i < name.length(); i++) {
      if (!allowed(name.charAt(i))) {
        throw new IllegalArgumentException("object key with a forbidden character: " + name);
      }
    }
  }

  private static boolean allowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-'
        || c == '/';
  }

  @Override
  public int compareTo(ObjectKey other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
