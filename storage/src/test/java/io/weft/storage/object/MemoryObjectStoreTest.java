package io.weft.storage.object;

/// The store in the heap does what every store does.
final class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore open() {
    return new MemoryObjectStore();
  }
}
