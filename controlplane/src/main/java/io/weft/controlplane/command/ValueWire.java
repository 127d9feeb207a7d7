package io.weft.controlplane.command;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.AgentId;
import io.weft.model.Invariant;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The bytes of values that several commands have in common. Stateless.
///
///     agent    = varint
///     topic id = long long
///     uuid     = long long
///     bounds   = logStartOffset:varlong (highWatermark − logStartOffset):varlong
///                (highWatermark − lastStableOffset):varlong
///     list     = count:varint item*
///     settings = count (name:string value:string)*          names strictly rising
public final class ValueWire {
  public static final Wire<Boolean> BOOLEAN =
      new Wire<>() {
        @Override
        public void write(Boolean value, WireWriter out) {
          out.writeBoolean(value);
        }

        @Override
        public Boolean read(WireReader in) {
          return in.readBoolean();
        }
      };

  private static final Limit SETTINGS = new Limit("settings", 2, Integer.MAX_VALUE);

  private ValueWire() {}

  static void writeAgent(AgentId agent, WireWriter out) {
    out.writeVarInt(agent.value());
  }

  static AgentId readAgent(WireReader in) {
    return new AgentId(in.readVarInt());
  }

  static void writeTopicId(TopicId topic, WireWriter out) {
    out.writeLong(topic.high());
    out.writeLong(topic.low());
  }

  static TopicId readTopicId(WireReader in) {
    return new TopicId(in.readLong(), in.readLong());
  }

  static void writeUuid(UUID uuid, WireWriter out) {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }

  static UUID readUuid(WireReader in) {
    return new UUID(in.readLong(), in.readLong());
  }

  static short readVarShort(WireReader in) {
    int value = in.readVarInt();
    if (value != (short) value) {
      throw new MalformedBytesException("not a short: " + value);
    }
    return (short) value;
  }

  static void writeBounds(PartitionBounds bounds, WireWriter out) {
    out.writeVarLong(bounds.logStartOffset());
    out.writeVarLong(bounds.highWatermark() - bounds.logStartOffset());
    out.writeVarLong(bounds.highWatermark() - bounds.lastStableOffset());
  }

  static PartitionBounds readBounds(WireReader in) {
    long logStartOffset = in.readVarLong();
    long highWatermark = logStartOffset + in.readVarLong();
    return new PartitionBounds(logStartOffset, highWatermark, highWatermark - in.readVarLong());
  }

  public static <T> void writeList(List<T> items, WireWriter out, BiConsumer<T, WireWriter> write) {
    out.writeVarInt(items.size());
    for (T item : items) {
      write.accept(item, out);
    }
  }

  /// @param limit what the list may have at most, as the api says
  public static <T> List<T> readList(WireReader in, Limit limit, Function<WireReader, T> read) {
    int count = limit.readCount(in);
    List<T> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(read.apply(in));
    }
    return Collections.unmodifiableList(items);
  }

  /// A list that has as many items as were asked for.
  static <T> Wire<List<T>> listOf(int count, int itemBytesMin, Wire<T> item) {
    return new Wire<>() {
      @Override
      public void write(List<T> items, WireWriter out) {
        Invariant.check(items.size() == count, "a reply with %d answers", items.size());
        writeList(items, out, item::write);
      }

      @Override
      public List<T> read(WireReader in) {
        Limit limit = new Limit("answers", itemBytesMin, count);
        List<T> items = readList(in, limit, item::read);
        requireCount(items.size(), count);
        return items;
      }
    };
  }

  static void requireCount(int count, int asked) {
    if (count != asked) {
      throw new MalformedBytesException("%d answers to %d questions".formatted(count, asked));
    }
  }

  /// Values with a fixed set of cases, each written as its place in `cases`: only ever append.
  public static <T> Wire<T> oneOf(List<T> cases) {
    return new Wire<>() {
      @Override
      public void write(T value, WireWriter out) {
        int code = cases.indexOf(value);
        Invariant.check(code >= 0, "a case without a code");
        out.writeByte(code);
      }

      @Override
      public T read(WireReader in) {
        byte code = in.readByte();
        if (code < 0 || code >= cases.size()) {
          throw unknown("case", code);
        }
        return cases.get(code);
      }
    };
  }

  /// In the order of their names, whatever the map's own order: equal settings are equal bytes.
  public static void writeSettings(Map<String, String> settings, WireWriter out) {
    out.writeVarInt(settings.size());
    for (Map.Entry<String, String> setting : new TreeMap<>(settings).entrySet()) {
      out.writeString(setting.getKey());
      out.writeString(setting.getValue());
    }
  }

  public static Map<String, String> readSettings(WireReader in) {
    int count = SETTINGS.readCount(in);
    if (count == 0) {
      return Map.of();
    }
    TreeMap<String, String> settings = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      if (i > 0 && name.compareTo(settings.lastKey()) <= 0) {
        throw new MalformedBytesException("settings out of order at " + name);
      }
      settings.put(name, in.readString());
    }
    return Collections.unmodifiableMap(settings);
  }

  public static MalformedBytesException unknown(String what, int code) {
    return new MalformedBytesException("unknown %s %d".formatted(what, code));
  }

  /// How many things a list may have.
  ///
  /// @param what their name, for the message
  /// @param bytesMin the least bytes one of them takes
  /// @param countMax the limit of the api
  public record Limit(String what, int bytesMin, int countMax) {
    public int readCount(WireReader in) {
      int count = in.readCount(bytesMin);
      if (count > countMax) {
        throw new MalformedBytesException(
            "%d %s, at most %d are allowed".formatted(count, what, countMax));
      }
      return count;
    }
  }
}
