package io.weft.controlplane.command;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// A command and a reply that can be one to it.
public record Asked<R>(Command<R> command, R reply) {
  public byte[] commandBytes() {
    return commandBytes(Levels.FIRST);
  }

  public byte[] commandBytes(int level) {
    WireWriter out = new WireWriter();
    CommandCodec.writeCommand(command, level, out);
    return out.toByteArray();
  }

  public byte[] replyBytes() {
    return replyBytes(Levels.FIRST);
  }

  public byte[] replyBytes(int level) {
    WireWriter out = new WireWriter();
    CommandCodec.writeReply(command, reply, level, out);
    return out.toByteArray();
  }

  public R readReply(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    R read = CommandCodec.readReply(command, in);
    in.finish();
    return read;
  }

  public static Command<?> readCommand(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    Command<?> read = CommandCodec.readCommand(in);
    in.finish();
    return read;
  }
}
