package io.weft.bench.micro;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateRecordCodec;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.Step;
import java.util.ArrayList;
import java.util.List;

/// A control plane's state without a leader around it: a command's records are written as the
/// journal's entry has them. Owned by one thread.
final class StateOnly implements CommandPort {
  private final ControlPlaneState state = new ControlPlaneState();
  private final List<StateRecord> records = new ArrayList<>();
  private byte[] entry = {};

  StateOnly() {
    state.found("benchmark", Samples.TIME_MS);
  }

  @Override
  public <R> R ask(Command<R> command) {
    state.in(new Step(state.timeMs(), records, ChangeListener.NONE));
    R reply = state.take(command);
    WireWriter out = new WireWriter();
    for (StateRecord record : records) {
      StateRecordCodec.write(record, out);
    }
    records.clear();
    entry = out.toByteArray();
    return reply;
  }

  @Override
  public CommitFeed feed() {
    throw new IllegalStateException("a state has no feed");
  }

  @Override
  public void close() {}

  /// Bytes that the last command would add to the journal.
  int entryBytes() {
    return entry.length;
  }
}
