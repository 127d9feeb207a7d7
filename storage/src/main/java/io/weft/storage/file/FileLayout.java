package io.weft.storage.file;

import io.weft.storage.object.ObjectKey;
import java.util.OptionalLong;

/// Where files lie in a bucket: `files/` and the file id in 20 digits, so that keys sort as ids do.
public final class FileLayout {
  /// What the keys of all files, and of nothing else, begin with.
  public static final String PREFIX = "files/";

  private static final int DIGITS = 20;

  private FileLayout() {}

  /// @param fileId 0 or more
  static ObjectKey key(long fileId) {
    if (fileId < 0) {
      throw new IllegalArgumentException("negative file id " + fileId);
    }
    String digits = Long.toString(fileId);
    return new ObjectKey(PREFIX + "0".repeat(DIGITS - digits.length()) + digits);
  }

  /// The id of the file under this key, or empty if no file of ours has such a key.
  public static OptionalLong fileId(ObjectKey key) {
    String name = key.name();
    if (!name.startsWith(PREFIX) || name.length() != PREFIX.length() + DIGITS) {
      return OptionalLong.empty();
    }
    long id = 0;
    for (int i = PREFIX.length(); i < name.length(); i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9 || id > (Long.MAX_VALUE - digit) / 10) {
        return OptionalLong.empty();
      }
      id = id * 10 + digit;
    }
    return OptionalLong.of(id);
  }
}
