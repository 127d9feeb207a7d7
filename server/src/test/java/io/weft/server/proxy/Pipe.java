package io.weft.server.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// One direction of a connection: a thread that takes what comes, and one that passes it on when it
/// is due.
final class Pipe {
  private static final int PIECE_BYTES_MAX = 16 << 10;
  private static final int PIECES_MAX = 64;
  private static final long NANOS_PER_MS = 1_000_000;

  /// Shorter sleeps are not worth their price.
  private static final long OWED_MIN_NANOS = 5 * NANOS_PER_MS;

  private static final Piece END = new Piece(new byte[0], 0);

  private final FaultyProxy proxy;
  private final ProxiedConnection connection;
  private final Socket from;
  private final Socket to;
  private final Random random;
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES_MAX);

  /// How much longer than it did the pace would have had it sleep; below zero: how much less.
  private long owedNanos;

  Pipe(FaultyProxy proxy, ProxiedConnection connection, Socket from, Socket to, Random random) {
    this.proxy = proxy;
    this.connection = connection;
    this.from = from;
    this.to = to;
    this.random = random;
  }

  /// @param bytes none at the end
  /// @param dueNanos not to be passed on before
  private record Piece(byte[] bytes, long dueNanos) {
    private boolean isEnd() {
      return bytes.length == 0;
    }
  }

  void start() {
    proxy.environment().tasks().start("proxy-take", this::take);
    proxy.environment().tasks().start("proxy-give", this::give);
  }

  private void take() {
    byte[] buffer = new byte[PIECE_BYTES_MAX];
    try {
      try {
        InputStream in = from.getInputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          pieces.put(new Piece(Arrays.copyOf(buffer, count), dueNanos()));
        }
      } catch (IOException e) {
        // The sender is gone: what it had sent is still passed on.
      }
      pieces.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long dueNanos() {
    Weather weather = proxy.weather();
    int jitterMs = weather.jitterMs() == 0 ? 0 : random.nextInt(weather.jitterMs());
    return proxy.environment().clock().nanos() + (weather.delayMs() + jitterMs) * NANOS_PER_MS;
  }

  private void give() {
    try {
      OutputStream out = to.getOutputStream();
      for (Piece piece = pieces.take(); !piece.isEnd(); piece = pieces.take()) {
        sleepUntil(piece.dueNanos());
        proxy.awaitRelease();
        if (!connection.isSilent()) {
          give(piece.bytes(), out);
        }
      }
      connection.end();
    } catch (IOException e) {
      connection.reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Frees the receiving thread, if it waits for room.
      pieces.clear();
    }
  }

  private void give(byte[] bytes, OutputStream out) throws IOException, InterruptedException {
    Weather weather = proxy.weather();
    if (random.nextDouble() < weather.cutChance()) {
      out.write(bytes, 0, random.nextInt(bytes.length));
      connection.reset();
      return;
    }
    if (bytes.length > Weather.HEADER_BYTES_MAX && random.nextDouble() < weather.flipChance()) {
      int at = random.nextInt(Weather.HEADER_BYTES_MAX, bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      proxy.countFlip();
    }
    out.write(bytes);
    if (weather.bytesPerSecond() > 0) {
      pace(1_000 * NANOS_PER_MS * bytes.length / weather.bytesPerSecond());
    }
  }

  /// Sleeps off what is owed. What it oversleeps counts for what comes later, so that the pace is
  /// the one that was asked for on a busy machine too.
  private void pace(long nanos) throws InterruptedException {
    owedNanos += nanos;
    if (owedNanos >= OWED_MIN_NANOS) {
      long before = proxy.environment().clock().nanos();
      proxy.environment().tasks().sleepMs(owedNanos / NANOS_PER_MS);
      owedNanos -= proxy.environment().clock().nanos() - before;
    }
  }

  private void sleepUntil(long dueNanos) throws InterruptedException {
    long leftNanos = dueNanos - proxy.environment().clock().nanos();
    if (leftNanos > 0) {
      proxy.environment().tasks().sleepMs(leftNanos / NANOS_PER_MS + 1);
    }
  }
}
