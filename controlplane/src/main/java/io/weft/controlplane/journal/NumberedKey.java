package io.weft.controlplane.journal;

import io.weft.storage.object.ObjectKey;

/// Object keys that are a prefix and a number of 20 digits, so that key order is number order.
final class NumberedKey {
  private static final int DIGITS = 20;

  private NumberedKey() {}

  static ObjectKey of(String prefix, long number) {
    String digits = Long.toString(number);
    return new ObjectKey(prefix + "0".repeat(DIGITS - digits.length()) + digits);
  }

  static long number(String prefix, ObjectKey key) {
    String digits = key.name().substring(prefix.length());
    try {
      if (digits.length() == DIGITS && digits.charAt(0) != '-' && digits.charAt(0) != '+') {
        return Long.parseLong(digits);
      }
    } catch (NumberFormatException e) {
      throw new JournalException.Damaged(foreign(key), e);
    }
    throw new JournalException.Damaged(foreign(key));
  }

  private static String foreign(ObjectKey key) {
    return "an object that is not of the journal's making: " + key;
  }
}
