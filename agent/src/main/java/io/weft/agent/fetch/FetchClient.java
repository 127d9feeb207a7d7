package io.weft.agent.fetch;

/// The client of a fetch: what its answer may hold, and whether the client still waits for it.
public interface FetchClient {
  /// Waits to the end for an answer that nobody counts.
  FetchClient PATIENT =
      new FetchClient() {
        @Override
        public void makeRoom(long bytes) {}

        @Override
        public boolean takesRoom(long bytes) {
          return true;
        }

        @Override
        public void leaveRoom() {}

        @Override
        public void pins(long bytes) {}

        @Override
        public void whileWanted(Wait wait) throws InterruptedException {
          wait.await();
        }
      };

  /// Waits until the answer may hold so many bytes. Called before anything of it is read, by a
  /// thread that holds nothing that others wait for.
  void makeRoom(long bytes) throws InterruptedException;

  /// As [#makeRoom] without waiting.
  ///
  /// @return whether the answer may hold so many bytes, now or since room was made; if not, it
  ///   holds none
  boolean takesRoom(long bytes);

  /// There is nothing to be read, and a wait comes: the room is others'.
  void leaveRoom();

  /// Says what the answer holds, now that it is built.
  void pins(long bytes);

  /// Waits for as long as the answer is wanted.
  ///
  /// @throws InterruptedException as soon as it is not
  void whileWanted(Wait wait) throws InterruptedException;

  /// Something that takes time.
  @FunctionalInterface
  interface Wait {
    void await() throws InterruptedException;
  }
}
