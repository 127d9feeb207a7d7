package io.weft.controlplane.postgresql;

import io.weft.environment.Environment;
import io.weft.model.Invariant;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A cluster's journal entries and snapshots as rows of a table, by the names they have in any
/// store. Thread-safe.
///
/// *An append is one `INSERT`*, and its own transaction: the primary key lets one of all writers
/// through. Each call draws a nonce, so that a writer whose answer was lost finds its own row when
/// it asks again. A row that is in the way is written to, without change, before anything is said
/// of it: a row can be seen before the standbys have it, and that write is confirmed only after
/// they do.
final class PostgresStore implements ObjectStore {
  /// The largest entry or part of a snapshot: a quarter of what PostgreSQL can hold in a field.
  static final int OBJECT_BYTES_MAX = 256 << 20;

  private static final String INSERT =
      "INSERT INTO weft_object (cluster, name, nonce, bytes) VALUES (?, ?, ?, ?) ON CONFLICT";
  private static final String INSERT_IF_ABSENT = INSERT + " (cluster, name) DO NOTHING";
  private static final String INSERT_OR_REPLACE =
      INSERT + " (cluster, name) DO UPDATE SET nonce = excluded.nonce, bytes = excluded.bytes";
  private static final String WHOSE =
      "UPDATE weft_object SET nonce = nonce WHERE cluster = ? AND name = ? RETURNING nonce";
  private static final String LENGTH =
      "SELECT octet_length(bytes) FROM weft_object WHERE cluster = ? AND name = ?";
  private static final String WHOLE =
      "SELECT octet_length(bytes), CASE WHEN octet_length(bytes) <= ? THEN bytes END"
          + " FROM weft_object WHERE cluster = ? AND name = ?";
  private static final String PIECE =
      "SELECT octet_length(bytes), substring(bytes FROM ? FOR ?)"
          + " FROM weft_object WHERE cluster = ? AND name = ?";
  private static final String PAGE =
      "SELECT name, octet_length(bytes) FROM weft_object"
          + " WHERE cluster = ? AND name >= ? AND name < ? AND name > ? ORDER BY name LIMIT ?";
  private static final String DELETE =
      "DELETE FROM weft_object WHERE cluster = ? AND name = ANY (?)";

  /// Comes after every character that a key may have.
  private static final String AFTER_ALL = "~";

  private static final int NONCE_BYTES = 16;

  private final String cluster;
  private final Statements statements;
  private final Environment environment;

  /// @param isToRead see [JournalUrl#openToRead]
  PostgresStore(PostgresUrl url, Environment environment, boolean isToRead) {
    this.cluster = url.cluster();
    this.statements = new Statements(url, isToRead);
    this.environment = environment;
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    byte[] bytes = checkedCopy(key, body);
    insert("write " + key, INSERT_OR_REPLACE, key, nonce(), bytes);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    byte[] bytes = checkedCopy(key, body);
    byte[] nonce = nonce();
    if (insert("append " + key, INSERT_IF_ABSENT, key, nonce, bytes) == 1) {
      return PutOutcome.CREATED;
    }
    boolean mine =
        statements.changeAndAsk(
            "see whose " + key + " is",
            WHOSE,
            statement -> {
              statement.setString(1, cluster);
              statement.setString(2, key.name());
            },
            rows -> rows.next() && Arrays.equals(rows.getBytes(1), nonce));
    return mine ? PutOutcome.CREATED : PutOutcome.EXISTS;
  }

  private int insert(String what, String sql, ObjectKey key, byte[] nonce, byte[] bytes) {
    return statements.change(
        what,
        sql,
        statement -> {
          statement.setString(1, cluster);
          statement.setString(2, key.name());
          statement.setBytes(3, nonce);
          statement.setBytes(4, bytes);
        });
  }

  private byte[] nonce() {
    return ByteBuffer.allocate(NONCE_BYTES)
        .putLong(environment.randomness().nextLong())
        .putLong(environment.randomness().nextLong())
        .array();
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    ObjectPart part = piece(key, position, target.remaining());
    if (part.bytes().remaining() < target.remaining()) {
      throw new ObjectStoreException.Rejected(
          "object %s of %d bytes ends before %d + %d"
              .formatted(key, part.objectLength(), position, target.remaining()),
          null);
    }
    target.put(part.bytes());
  }

  @Override
  public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    Invariant.check(lengthMax >= 1, "at most %d bytes", lengthMax);
    return piece(key, position, lengthMax);
  }

  private ObjectPart piece(ObjectKey key, long position, int length) {
    Invariant.check(position >= 0, "read at %d", position);
    int from = (int) Math.min(position, OBJECT_BYTES_MAX + 1L);
    ObjectPart part =
        statements.ask(
            "read " + key,
            PIECE,
            statement -> {
              statement.setInt(1, from + 1);
              statement.setInt(2, Math.min(length, OBJECT_BYTES_MAX));
              statement.setString(3, cluster);
              statement.setString(4, key.name());
            },
            rows ->
                rows.next()
                    ? new ObjectPart(ByteBuffer.wrap(rows.getBytes(2)), rows.getInt(1))
                    : null);
    if (part == null) {
      throw new ObjectStoreException.NotFound(key);
    }
    if (position > part.objectLength()) {
      throw new ObjectStoreException.Rejected(
          "object %s of %d bytes ends before %d".formatted(key, part.objectLength(), position),
          null);
    }
    return part;
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return statements
        .<Optional<byte[]>>ask(
            "read " + key,
            WHOLE,
            statement -> {
              statement.setInt(1, lengthMax);
              statement.setString(2, cluster);
              statement.setString(3, key.name());
            },
            rows -> {
              if (!rows.next()) {
                return Optional.empty();
              }
              byte[] bytes = rows.getBytes(2);
              if (bytes == null) {
                throw new ObjectStoreException.Rejected(
                    "object %s has %d bytes, more than %d"
                        .formatted(key, rows.getInt(1), lengthMax),
                    null);
              }
              return Optional.of(bytes);
            })
        .orElseThrow(() -> new ObjectStoreException.NotFound(key));
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return statements.ask(
        "look for " + key,
        LENGTH,
        statement -> {
          statement.setString(1, cluster);
          statement.setString(2, key.name());
        },
        rows -> rows.next() ? Optional.of(new ObjectInfo(key, rows.getInt(1))) : Optional.empty());
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    Invariant.check(max >= 1 && max <= KEYS_PER_CALL_MAX, "a page of %d keys", max);
    return statements.ask(
        "list " + prefix,
        PAGE,
        statement -> {
          statement.setString(1, cluster);
          statement.setString(2, prefix);
          statement.setString(3, prefix + AFTER_ALL);
          statement.setString(4, startAfter);
          statement.setInt(5, max);
        },
        rows -> {
          List<ObjectInfo> page = new ArrayList<>();
          while (rows.next()) {
            page.add(new ObjectInfo(new ObjectKey(rows.getString(1)), rows.getInt(2)));
          }
          return page;
        });
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    Invariant.check(keys.size() <= KEYS_PER_CALL_MAX, "%d keys to delete", keys.size());
    if (keys.isEmpty()) {
      return;
    }
    String[] names = keys.stream().map(ObjectKey::name).toArray(String[]::new);
    statements.change(
        "delete " + names.length + " objects",
        DELETE,
        statement -> {
          statement.setString(1, cluster);
          statement.setArray(2, statement.getConnection().createArrayOf("text", names));
        });
  }

  @Override
  public void close() {
    statements.close();
  }

  private static byte[] checkedCopy(ObjectKey key, ObjectBody body) {
    if (body.length() > OBJECT_BYTES_MAX) {
      throw new ObjectStoreException.Rejected(
          "%s has %d bytes, more than %d".formatted(key, body.length(), OBJECT_BYTES_MAX), null);
    }
    // The copy is checked, not the slices: nobody can write to it between the two.
    byte[] copy = body.toBytes();
    if (ObjectBody.of(copy).crc32c() != body.crc32c()) {
      throw new ObjectStoreException.Rejected(
          "the bytes of " + key + " do not have the CRC-32C they were announced with", null);
    }
    return copy;
  }
}
