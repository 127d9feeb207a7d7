package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Values by name: their count, then name and value, by names that rise strictly. So equal maps are
/// equal bytes, whatever their own order.
record MapShape<V>(Shape<V> value, int countMax) implements Shape<Map<String, V>> {
  @Override
  public void write(Map<String, V> values, WireWriter out) {
    out.writeVarInt(values.size());
    for (Map.Entry<String, V> each : new TreeMap<>(values).entrySet()) {
      out.writeString(each.getKey());
      value.write(each.getValue(), out);
    }
  }

  @Override
  public Map<String, V> read(WireReader in) {
    int count = ListShape.readCount(in, 1 + value.bytesMin(), countMax);
    if (count == 0) {
      return Map.of();
    }
    TreeMap<String, V> values = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      if (i > 0 && name.compareTo(values.lastKey()) <= 0) {
        throw new MalformedBytesException("names out of order at " + name);
      }
      values.put(name, value.read(in));
    }
    return Collections.unmodifiableMap(values);
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(Map<String, V> values) {
    long weight = values.size() * ListShape.ITEM_BYTES;
    for (Map.Entry<String, V> each : values.entrySet()) {
      weight += 2L * each.getKey().length() + value.weight(each.getValue());
    }
    return weight;
  }

  @Override
  public int versionAt(int level) {
    return value.versionAt(level);
  }
}
