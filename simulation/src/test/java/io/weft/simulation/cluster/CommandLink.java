package io.weft.simulation.cluster;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.controlplane.command.CommandPort;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Sight;
import java.util.List;

/// One agent's way to the control plane over a bad network: asks again, at the next process, as the
/// real one does, until its time is over. Thread-safe.
final class CommandLink implements CommandPort {
  private static final long CALL_MS = 15_000;
  private static final long ATTEMPT_MS = 3_000;
  private static final int PAUSE_MS_MAX = 500;

  private final Network network;
  private final Peers peers;
  private final SimulatedProcess self;
  private final Environment environment;
  private boolean cut;

  CommandLink(Network network, Peers peers, SimulatedProcess self) {
    this.network = network;
    this.peers = peers;
    this.self = self;
    this.environment = self.environment();
  }

  /// Whether nothing gets through, either way.
  void cut(boolean isCut) {
    cut = isCut;
  }

  boolean isCut() {
    return cut;
  }

  Network network() {
    return network;
  }

  Peers peers() {
    return peers;
  }

  SimulatedProcess self() {
    return self;
  }

  @Override
  public <R> R ask(Command<R> command) {
    WireWriter out = new WireWriter();
    CommandCodec.writeCommand(command, Levels.KNOWN, out);
    try {
      byte[] reply = ask(out.toByteArray());
      WireReader in = new WireReader(reply);
      R value = CommandCodec.readReply(command, in);
      in.finish();
      note(value);
      return value;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException.Unavailable("interrupted", e);
    }
  }

  @Override
  public CommitFeed feed() {
    return (agent, listener) -> FeedStream.open(agent, listener, this);
  }

  @Override
  public void close() {}

  /// Counts answers that only trouble brings about.
  private void note(Object value) {
    if (value instanceof List<?> outcomes) {
      outcomes.forEach(this::noteOutcome);
    } else if (value instanceof FileLedger.LeaseOutcome.UnknownAgent) {
      network.weather().saw(Sight.AGENT_UNKNOWN);
    } else if (value instanceof Compactions.SwapOutcome.Swapped) {
      network.weather().saw(Sight.FILES_MERGED);
    }
  }

  private void noteOutcome(Object outcome) {
    if (outcome instanceof FileOutcome.Expired) {
      network.weather().saw(Sight.FILE_EXPIRED);
    }
    if (outcome instanceof FileOutcome.Committed(List<BatchOutcomes> partitions)) {
      for (BatchOutcomes batches : partitions) {
        for (int i = 0; i < batches.count(); i++) {
          switch (batches.verdict(i)) {
            case PLACED,
                UNKNOWN_PARTITION,
                INVALID_TRANSACTION_STATE,
                UNKNOWN_PRODUCER,
                NOT_IN_TRANSACTION,
                TRANSACTION_FULL -> {}
            case DUPLICATE -> network.weather().saw(Sight.DUPLICATE);
            case DUPLICATE_FORGOTTEN -> network.weather().saw(Sight.DUPLICATE_FORGOTTEN);
            case OUT_OF_ORDER_SEQUENCE -> network.weather().saw(Sight.OUT_OF_ORDER);
            case INVALID_PRODUCER_EPOCH -> network.weather().saw(Sight.OLD_EPOCH);
          }
        }
      }
    }
  }

  private byte[] ask(byte[] request) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + CALL_MS;
    for (int failed = 1; ; failed++) {
      ControlPlaneNode node = peers.preferred();
      try {
        return askOnce(node, request);
      } catch (ControlPlaneException.Unavailable e) {
        peers.passOver(node);
        long pauseMs = environment.randomness().nextInt(PAUSE_MS_MAX);
        if (environment.clock().monotonicMs() + pauseMs >= deadlineMs) {
          throw new ControlPlaneException.Unavailable("no answer in time", e);
        }
        if (failed % peers.count() == 0) {
          environment.tasks().sleepMs(pauseMs);
        }
      }
    }
  }

  private byte[] askOnce(ControlPlaneNode node, byte[] request) throws InterruptedException {
    Pending<byte[]> pending = new Pending<>();
    if (!cut && !network.weather().strikes(Fault.COMMAND_LOST)) {
      network.carry(() -> node.serve(request, new Way(pending)));
    }
    if (!pending.awaitMs(environment, ATTEMPT_MS)) {
      throw new ControlPlaneException.Unavailable("no answer", null);
    }
    return pending.await();
  }

  /// The way back.
  private final class Way implements ControlPlaneNode.Reply {
    private final Pending<byte[]> pending;

    Way(Pending<byte[]> pending) {
      this.pending = pending;
    }

    @Override
    public void answered(byte[] bytes) {
      back(() -> pending.complete(bytes));
    }

    @Override
    public void failed(ControlPlaneException reason) {
      back(() -> pending.fail(reason));
    }

    private void back(Runnable delivery) {
      if (!cut && !network.weather().strikes(Fault.COMMAND_ANSWER_LOST)) {
        network.carry(delivery);
      }
    }
  }
}
