package io.weft.controlplane.leader;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.leader.quarantine.Suspect;
import io.weft.controlplane.state.StateRecordCodec;
import io.weft.controlplane.state.part.StateRecord;
import java.util.ArrayList;
import java.util.List;

/// What an entry of the journal says.
///
/// *Layout*:
///
///     Body          → Records | LeaderStarted | Resigned | Quarantined
///     Records       → int8 1, the turn's records up to the end; none: a heartbeat
///     LeaderStarted → int8 2, Name (string): the writer of this entry leads from here on
///     Resigned      → int8 3: its writer leads no longer and answers nothing any more
///     Quarantined   → int8 4, the command (see Suspect): likewise, and this is why; nobody is to
///                     take it again
public sealed interface EntryBody {
  byte RECORDS = 1;
  byte LEADER_STARTED = 2;
  byte RESIGNED = 3;
  byte QUARANTINED = 4;

  record Records(List<StateRecord> records) implements EntryBody {}

  record LeaderStarted(String name) implements EntryBody {}

  record Resigned() implements EntryBody {}

  record Quarantined(Suspect suspect) implements EntryBody {}

  /// A writer to which a turn's records are added.
  static WireWriter records() {
    WireWriter out = new WireWriter();
    out.writeByte(RECORDS);
    return out;
  }

  /// A turn without records.
  static byte[] heartbeat() {
    return records().toByteArray();
  }

  static byte[] leaderStarted(String name) {
    WireWriter out = new WireWriter();
    out.writeByte(LEADER_STARTED);
    out.writeString(name);
    return out.toByteArray();
  }

  static byte[] resigned() {
    return new byte[] {RESIGNED};
  }

  static byte[] quarantined(Suspect suspect) {
    WireWriter out = new WireWriter();
    out.writeByte(QUARANTINED);
    suspect.write(out);
    return out.toByteArray();
  }

  static EntryBody read(byte[] body) {
    return read(body, Levels.KNOWN);
  }

  /// Reads as a release does that knows levels up to this one.
  static EntryBody read(byte[] body, int known) {
    WireReader in = new WireReader(body);
    byte kind = in.readByte();
    EntryBody read =
        switch (kind) {
          case RECORDS -> readRecords(in, known);
          case LEADER_STARTED -> new LeaderStarted(in.readString());
          case RESIGNED -> new Resigned();
          case QUARANTINED -> readQuarantined(in);
          default -> {
            if (kind > QUARANTINED) {
              throw new NewerFormatException("entries of kind " + kind);
            }
            throw new MalformedBytesException("no kind of entry: " + kind);
          }
        };
    in.finish();
    return read;
  }

  private static Quarantined readQuarantined(WireReader in) {
    return MalformedBytesException.ifImpossible(
        "quarantined command", () -> new Quarantined(Suspect.read(in)));
  }

  private static Records readRecords(WireReader in, int known) {
    List<StateRecord> records = new ArrayList<>();
    while (in.remaining() > 0) {
      records.add(StateRecordCodec.read(in, known));
    }
    return new Records(records);
  }
}
