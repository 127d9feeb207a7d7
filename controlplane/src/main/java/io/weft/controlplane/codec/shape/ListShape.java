package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// A list: its count, then its items.
///
/// @param countMax the most items that may be read
record ListShape<T>(Shape<T> item, int countMax) implements Shape<List<T>> {
  /// Of an item, beside what hangs on it.
  static final long ITEM_BYTES = 64;

  @Override
  public void write(List<T> items, WireWriter out) {
    out.writeVarInt(items.size());
    Optional<TopicId> before = out.lastTopic();
    out.lastTopic(Optional.empty());
    for (T each : items) {
      item.write(each, out);
    }
    out.lastTopic(before);
  }

  @Override
  public List<T> read(WireReader in) {
    int count = readCount(in, item.bytesMin(), countMax);
    Optional<TopicId> before = in.lastTopic();
    in.lastTopic(Optional.empty());
    List<T> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(item.read(in));
    }
    in.lastTopic(before);
    return Collections.unmodifiableList(items);
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(List<T> items) {
    long weight = items.size() * ITEM_BYTES;
    if (item.weighs()) {
      for (T each : items) {
        weight += item.weight(each);
      }
    }
    return weight;
  }

  @Override
  public int versionAt(int level) {
    return item.versionAt(level);
  }

  static int readCount(WireReader in, int bytesEach, int countMax) {
    int count = in.readCount(bytesEach);
    if (count > countMax) {
      throw new MalformedBytesException(
          "a list of %d, at most %d are allowed".formatted(count, countMax));
    }
    return count;
  }
}
