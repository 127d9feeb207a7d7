package io.weft.agent.fetch;

import io.weft.agent.memory.Lease;
import io.weft.agent.memory.Leases;

/// Waits to the end for answers that nobody counts, and is done with their records when it is
/// closed. Owned by one thread.
public final class PatientClient implements FetchClient, AutoCloseable {
  private final Leases leases = new Leases();

  @Override
  public void makeRoom(long bytes) {}

  @Override
  public boolean takesRoom(long bytes) {
    return true;
  }

  @Override
  public void leaveRoom() {}

  @Override
  public void pins(long bytes, Lease lease) {
    leases.add(lease);
  }

  @Override
  public void whileWanted(Wait wait) throws InterruptedException {
    wait.await();
  }

  @Override
  public void close() {
    leases.release();
  }
}
