package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.OpaqueBytes;
import io.weft.model.TopicId;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// The shapes of single values. Stateless.
final class Basics {
  /// Numbers of variable length: 1 to 10 bytes.
  private static final Map<Class<?>, Shape<?>> VARIABLE =
      Map.ofEntries(
          Map.entry(
              boolean.class,
              of(1, (Boolean it, WireWriter out) -> out.writeBoolean(it), WireReader::readBoolean)),
          Map.entry(
              byte.class,
              of(1, (Byte it, WireWriter out) -> out.writeByte(it), WireReader::readByte)),
          Map.entry(
              short.class,
              of(1, (Short it, WireWriter out) -> out.writeVarInt(it), Basics::readVarShort)),
          Map.entry(
              int.class,
              of(1, (Integer it, WireWriter out) -> out.writeVarInt(it), WireReader::readVarInt)),
          Map.entry(
              long.class,
              of(1, (Long it, WireWriter out) -> out.writeVarLong(it), WireReader::readVarLong)),
          Map.entry(double.class, of(8, Basics::writeDouble, Basics::readDouble)),
          Map.entry(
              String.class,
              heavy(
                  (String it, WireWriter out) -> out.writeString(it),
                  WireReader::readString,
                  it -> 2L * it.length())),
          Map.entry(
              byte[].class,
              heavy(
                  (byte[] it, WireWriter out) -> out.writeBytes(it),
                  WireReader::readBytes,
                  it -> it.length)),
          Map.entry(
              OpaqueBytes.class,
              heavy(
                  (OpaqueBytes it, WireWriter out) -> out.writeBytes(it.array()),
                  in -> OpaqueBytes.of(in.readBytes()),
                  OpaqueBytes::size)),
          Map.entry(
              TopicId.class,
              of(16, Basics::writeTopicId, in -> new TopicId(in.readLong(), in.readLong()))),
          Map.entry(
              UUID.class, of(16, Basics::writeUuid, in -> new UUID(in.readLong(), in.readLong()))));

  private static final Map<Class<?>, Shape<?>> FIXED =
      Map.of(
          short.class,
              of(2, (Short it, WireWriter out) -> out.writeShort(it), WireReader::readShort),
          int.class, of(4, (Integer it, WireWriter out) -> out.writeInt(it), WireReader::readInt),
          long.class, of(8, (Long it, WireWriter out) -> out.writeLong(it), WireReader::readLong));

  private static final Map<Class<?>, Class<?>> UNBOXED =
      Map.of(
          Boolean.class, boolean.class,
          Byte.class, byte.class,
          Short.class, short.class,
          Integer.class, int.class,
          Long.class, long.class,
          Double.class, double.class);

  private Basics() {}

  /// @return null if the type is not among these
  static Shape<?> of(Class<?> type, boolean fixed) {
    return (fixed ? FIXED : VARIABLE).get(UNBOXED.getOrDefault(type, type));
  }

  /// Texts and bytes: of a length, and about as heavy as that says.
  private static <T> Shape<T> heavy(
      BiConsumer<T, WireWriter> write, Function<WireReader, T> read, ToLongFunction<T> weight) {
    Shape<T> shape = of(1, write, read);
    return new Shape<>() {
      @Override
      public void write(T value, WireWriter out) {
        shape.write(value, out);
      }

      @Override
      public T read(WireReader in) {
        return shape.read(in);
      }

      @Override
      public boolean weighs() {
        return true;
      }

      @Override
      public long weight(T value) {
        return weight.applyAsLong(value);
      }
    };
  }

  /// A number of things, from 1 on.
  static Shape<Integer> count(int countMax) {
    return of(
        1,
        (it, out) -> out.writeVarInt(it),
        in -> {
          int count = in.readVarInt();
          if (count <= 0 || count > countMax) {
            throw new MalformedBytesException(
                "a count of %d, 1 to %d are allowed".formatted(count, countMax));
          }
          return count;
        });
  }

  private static <T> Shape<T> of(
      int bytesMin, BiConsumer<T, WireWriter> write, Function<WireReader, T> read) {
    return new Shape<>() {
      @Override
      public void write(T value, WireWriter out) {
        write.accept(value, out);
      }

      @Override
      public T read(WireReader in) {
        return read.apply(in);
      }

      @Override
      public int bytesMin() {
        return bytesMin;
      }
    };
  }

  private static short readVarShort(WireReader in) {
    int value = in.readVarInt();
    if (value != (short) value) {
      throw new MalformedBytesException("not a short: " + value);
    }
    return (short) value;
  }

  private static void writeDouble(double value, WireWriter out) {
    out.writeLong(Double.doubleToLongBits(value));
  }

  private static double readDouble(WireReader in) {
    return Double.longBitsToDouble(in.readLong());
  }

  private static void writeTopicId(TopicId topic, WireWriter out) {
    out.writeLong(topic.high());
    out.writeLong(topic.low());
  }

  private static void writeUuid(UUID uuid, WireWriter out) {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }
}
