package io.weft.simulation.broken;

import io.weft.controlplane.journal.AppendOutcome;
import io.weft.controlplane.journal.Journal;
import io.weft.controlplane.journal.JournalException;
import io.weft.environment.Pending;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.Optional;
import java.util.OptionalLong;

/// The leader's answers leave before its entry is durable. Its first entry is waited for, and later
/// ones are written in order: nothing is wrong as long as nobody dies.
public final class HastyJournal implements Build {
  @Override
  public Journal journal(Journal real, SimulatedProcess controlPlane) {
    return new Hasty(real, controlPlane);
  }

  private static final class Hasty implements Journal {
    private final Journal real;
    private final SimulatedProcess process;
    private Pending<Boolean> last = Pending.completed(true);
    private long lastIndex = -1;

    Hasty(Journal real, SimulatedProcess process) {
      this.real = real;
      this.process = process;
    }

    @Override
    public AppendOutcome append(long index, byte[] entry) {
      boolean leads = index == lastIndex + 1;
      if (!leads) {
        AppendOutcome outcome = real.append(index, entry);
        lastIndex = outcome == AppendOutcome.APPENDED ? index : -1;
        return outcome;
      }
      lastIndex = index;
      Pending<Boolean> before = last;
      Pending<Boolean> done = new Pending<>();
      last = done;
      process.start("hasty", () -> appendLater(index, entry, before, done));
      return AppendOutcome.APPENDED;
    }

    private void appendLater(
        long index, byte[] entry, Pending<Boolean> before, Pending<Boolean> done) {
      try {
        if (before.await()) {
          done.complete(real.append(index, entry) == AppendOutcome.APPENDED);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (JournalException e) {
        lastIndex = -1;
      }
      done.complete(false);
    }

    @Override
    public Optional<byte[]> read(long index) {
      return real.read(index);
    }

    @Override
    public OptionalLong firstFrom(long index) {
      return real.firstFrom(index);
    }

    @Override
    public void truncateBefore(long index) {
      real.truncateBefore(index);
    }
  }
}
