package io.weft.model;

import java.util.UUID;

/// A topic's identity, never used again after the topic is deleted. Ordered as unsigned 128 bits.
public record TopicId(long high, long low) implements Comparable<TopicId> {
  public static TopicId of(UUID uuid) {
    return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  public UUID uuid() {
    return new UUID(high, low);
  }

  @Override
  public int compareTo(TopicId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low);
  }

  @Override
  public String toString() {
    return uuid().toString();
  }
}
