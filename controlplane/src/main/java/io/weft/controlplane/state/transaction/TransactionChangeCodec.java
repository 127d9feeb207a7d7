package io.weft.controlplane.state.transaction;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.transaction.TransactionChange.Added;
import io.weft.controlplane.state.transaction.TransactionChange.Ended;
import io.weft.controlplane.state.transaction.TransactionChange.Expired;
import io.weft.controlplane.state.transaction.TransactionChange.Initialized;
import java.util.List;

/// Bytes of one change. The parts' grammar stands at [TransactionBytes].
///
/// ```
/// change = 1 transactionalId:string producer optional-producer timeoutMs touch timeMs
///        | 2 transactionalId:string partitions groups:strings bumpsEpoch:byte touch timeMs
///        | 3 transactionalId:string committed:byte markerEpoch next:producer
///            before:optional-producer bumpsEpoch:byte optional-touch timeMs
///        | 4 unusedSinceMs timeMs
/// ```
public final class TransactionChangeCodec {
  private TransactionChangeCodec() {}

  public static void write(TransactionChange change, WireWriter out) {
    switch (change) {
      case Initialized made -> {
        out.writeByte(1);
        out.writeString(made.transactionalId());
        TransactionBytes.writeProducer(out, made.producer());
        TransactionBytes.writeOptional(out, made.before(), TransactionBytes::writeProducer);
        out.writeVarInt(made.timeoutMs());
        TransactionBytes.writeTouch(out, made.touch());
      }
      case Added added -> {
        out.writeByte(2);
        out.writeString(added.transactionalId());
        TransactionBytes.writePartitions(out, added.partitions());
        TransactionBytes.writeStrings(out, added.groups());
        out.writeBoolean(added.bumpsEpoch());
        TransactionBytes.writeOptional(out, added.touch(), TransactionBytes::writeTouch);
      }
      case Ended ended -> {
        out.writeByte(3);
        out.writeString(ended.transactionalId());
        out.writeBoolean(ended.committed());
        out.writeVarInt(ended.markerEpoch());
        TransactionBytes.writeProducer(out, ended.next());
        TransactionBytes.writeOptional(out, ended.before(), TransactionBytes::writeProducer);
        out.writeBoolean(ended.bumpsEpoch());
        TransactionBytes.writeOptional(out, ended.touch(), TransactionBytes::writeTouch);
      }
      case Expired expired -> {
        out.writeByte(4);
        out.writeVarLong(expired.unusedSinceMs());
      }
    }
    out.writeVarLong(change.timeMs());
  }

  public static TransactionChange read(WireReader in) {
    byte kind = in.readByte();
    return switch (kind) {
      case 1 ->
          new Initialized(
              in.readString(),
              TransactionBytes.readProducer(in),
              TransactionBytes.readOptional(in, TransactionBytes::readProducer),
              in.readVarInt(),
              TransactionBytes.readTouch(in),
              in.readVarLong());
      case 2 ->
          new Added(
              in.readString(),
              List.copyOf(TransactionBytes.readPartitions(in)),
              List.copyOf(TransactionBytes.readStrings(in)),
              in.readBoolean(),
              TransactionBytes.readOptional(in, TransactionBytes::readTouch),
              in.readVarLong());
      case 3 ->
          new Ended(
              in.readString(),
              in.readBoolean(),
              TransactionBytes.readEpoch(in),
              TransactionBytes.readProducer(in),
              TransactionBytes.readOptional(in, TransactionBytes::readProducer),
              in.readBoolean(),
              TransactionBytes.readOptional(in, TransactionBytes::readTouch),
              in.readVarLong());
      case 4 -> new Expired(in.readVarLong(), in.readVarLong());
      default -> throw new MalformedBytesException("no kind of change: " + kind);
    };
  }
}
