package io.weft.agent.api.fetch;

import io.weft.agent.fetch.FetchClient;
import io.weft.agent.network.OwedAnswer;

/// The client behind a request: its answer's bytes are those of the connection's.
///
/// @param overheadBytes what the answer takes besides its records
public record RequestClient(OwedAnswer owed, long overheadBytes) implements FetchClient {
  /// What an answer says of one partition, as objects and as bytes, except for its records.
  private static final int PARTITION_BYTES = 512;

  /// @param partitions that are answered, at most
  public static RequestClient of(OwedAnswer owed, int partitions) {
    return new RequestClient(owed, (long) partitions * PARTITION_BYTES);
  }

  @Override
  public void makeRoom(long bytes) throws InterruptedException {
    owed.makeRoom(bytes + overheadBytes);
  }

  @Override
  public boolean takesRoom(long bytes) {
    return owed.takesRoom(bytes + overheadBytes);
  }

  @Override
  public void leaveRoom() {
    owed.leaveRoom();
  }

  @Override
  public void pins(long bytes) {
    owed.pins(bytes + overheadBytes);
  }

  @Override
  public void whileWanted(Wait wait) throws InterruptedException {
    owed.whileWanted(wait::await);
  }
}
