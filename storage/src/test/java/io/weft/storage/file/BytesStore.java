package io.weft.storage.file;

import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A store of exactly one object, whatever the key, that counts what is read of it.
final class BytesStore implements ObjectStore {
  static final ObjectKey KEY = FileLayout.key(7);

  private final byte[] bytes;
  private final List<Integer> readLengths = new ArrayList<>();

  BytesStore(byte[] bytes) {
    this.bytes = bytes;
  }

  static byte[] bytesOf(ObjectBody body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer slice : body.slices()) {
      byte[] part = new byte[slice.remaining()];
      slice.get(part);
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// The lengths of the reads so far.
  List<Integer> readLengths() {
    return readLengths;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    readLengths.add(target.remaining());
    if (position < 0 || position + target.remaining() > bytes.length) {
      throw new ObjectStoreException.Rejected("a range outside the object", null);
    }
    target.put(bytes, (int) position, target.remaining());
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return Optional.of(new ObjectInfo(key, bytes.length));
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return bytes.clone();
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
