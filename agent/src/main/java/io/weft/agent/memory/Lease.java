package io.weft.agent.memory;

/// Bytes that stay as they are until this is released: once, by its holder, on whatever way it
/// goes. Thread-safe.
public interface Lease {
  /// Of bytes that need none, since the collector frees them.
  Lease NONE =
      new Lease() {
        @Override
        public long bytes() {
          return 0;
        }

        @Override
        public void release() {}
      };

  /// Memory that it keeps from being used otherwise; 0 if that is the heap's.
  long bytes();

  /// The bytes may not be looked at any more.
  void release();
}
