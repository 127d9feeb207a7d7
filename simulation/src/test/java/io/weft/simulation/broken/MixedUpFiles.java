package io.weft.simulation.broken;

import io.weft.agent.neighbour.GarbledMessageException;
import io.weft.agent.neighbour.NeighbourLink;
import io.weft.agent.neighbour.NeighbourMessage;
import io.weft.agent.neighbour.RangeAsked;
import io.weft.agent.neighbour.seal.RequestSeal;
import io.weft.rpc.HostPort;
import io.weft.simulation.cluster.Build;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// An owner serves another file's bytes, as one that keeps ranges under their place and length and
/// forgets the file; and the agent that asked does not check whose they are: it takes everything
/// for what it has asked for. The owner is as it should be, in truth: a request for the same places
/// in another file, which it was sent before, is sent to it again.
public final class MixedUpFiles implements Build {
  /// In a footer's copy, behind its version: the header, and in it the file's id and a checksum.
  private static final int HEADER_POSITION = 1;

  private static final int FILE_ID_POSITION = 9;
  private static final int HEADER_CRC_POSITION = 61;
  private static final int HEADER_BYTES = 65;

  /// What an agent was asked last, sealed, by the places of its ranges.
  private final Map<Asked, byte[]> before = new HashMap<>();

  private record Asked(HostPort address, List<Place> places) {}

  private record Place(long position, int length) {}

  @Override
  public NeighbourLink neighbours(NeighbourLink real) {
    return new Unchecked(real);
  }

  private final class Unchecked implements NeighbourLink {
    private final NeighbourLink real;

    /// What the agent was told of a file last.
    private final Map<Long, byte[]> footers = new HashMap<>();

    Unchecked(NeighbourLink real) {
      this.real = real;
    }

    @Override
    public Call ask(HostPort address, byte[] sealed, long timeoutMs) {
      List<RangeAsked> asked = ranges(sealed);
      List<Place> places =
          asked.stream().map(each -> new Place(each.position(), each.length())).toList();
      byte[] earlier = before.put(new Asked(address, places), sealed);
      byte[] understood = earlier == null ? sealed : earlier;
      return new Believed(real.ask(address, understood, timeoutMs), asked);
    }

    private static List<RangeAsked> ranges(byte[] sealed) {
      try {
        return NeighbourMessage.readRequest(
            Arrays.copyOfRange(sealed, RequestSeal.SEAL_BYTES, sealed.length));
      } catch (GarbledMessageException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void retain(Collection<HostPort> addresses) {
      real.retain(addresses);
    }

    @Override
    public void close() {
      real.close();
    }

    private final class Believed implements Call {
      private final Call call;
      private final List<RangeAsked> asked;

      Believed(Call call, List<RangeAsked> asked) {
        this.call = call;
        this.asked = asked;
      }

      @Override
      public Next next(long timeoutMs) throws InterruptedException {
        Next next = call.next(timeoutMs);
        return next instanceof Next.Message(byte[] bytes)
            ? new Next.Message(believed(bytes))
            : next;
      }

      private byte[] believed(byte[] message) {
        try {
          return switch (NeighbourMessage.read(message)) {
            case NeighbourMessage.Footer(int number, ByteBuffer footer)
                when isUsual(number, footer) ->
                whose(number, footer);
            case NeighbourMessage other -> message;
          };
        } catch (GarbledMessageException garbled) {
          return message;
        }
      }

      /// Whether it is one of an owner that makes no other mistakes.
      private boolean isUsual(int number, ByteBuffer footer) {
        return number < asked.size() && footer.remaining() > HEADER_BYTES;
      }

      private byte[] whose(int number, ByteBuffer footer) {
        RangeAsked range = asked.get(number);
        byte[] renamed = renamed(footer, range.fileId());
        if (range.withFooter()) {
          footers.put(range.fileId(), renamed);
          return NeighbourMessage.footer(number, renamed);
        }
        return NeighbourMessage.known(number, crc(footers.get(range.fileId()), 0));
      }

      @Override
      public void cancel() {
        call.cancel();
      }
    }
  }

  private static byte[] renamed(ByteBuffer footer, long fileId) {
    byte[] bytes = new byte[footer.remaining()];
    footer.get(bytes);
    ByteBuffer header = ByteBuffer.wrap(bytes).putLong(FILE_ID_POSITION, fileId);
    header.putInt(HEADER_CRC_POSITION, crc(bytes, HEADER_POSITION, HEADER_CRC_POSITION));
    return bytes;
  }

  private static int crc(byte[] bytes, int from) {
    return crc(bytes, from, bytes.length);
  }

  private static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
