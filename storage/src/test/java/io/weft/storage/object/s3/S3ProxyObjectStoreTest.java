package io.weft.storage.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreContract;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The S3 store does what every store does, against S3Proxy.
final class S3ProxyObjectStoreTest extends ObjectStoreContract {
  private static final String BUCKET = "weft-contract";
  private static S3ProxyServer server;
  private static int prefixes;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3ProxyServer.inMemory();
    server.endpoint().createBucket(BUCKET);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  protected ObjectStore open() {
    prefixes++;
    return server.endpoint().open(BUCKET, "test/" + prefixes);
  }

  @Test
  void anotherPrefixIsAnotherStore() {
    store.put(new ObjectKey("a"), ObjectBody.of(text("1")));
    try (ObjectStore other = open()) {
      assertThat(other.list("", "", 10)).isEmpty();
      assertThat(other.stat(new ObjectKey("a"))).isEmpty();
    }
  }

  @Test
  void aBucketThatIsNotThereIsRejectedWithARemedy() {
    ObjectKey key = new ObjectKey("a");
    try (ObjectStore nowhere = server.endpoint().open("no-such-bucket", "")) {
      assertThatThrownBy(() -> nowhere.put(key, ObjectBody.of(text("1"))))
          .isInstanceOf(ObjectStoreException.Rejected.class)
          .hasMessageContaining("no-such-bucket")
          .hasMessageContaining("make the bucket");
      assertThatThrownBy(() -> nowhere.readAll(key, 10))
          .isInstanceOf(ObjectStoreException.Rejected.class);
      assertThatThrownBy(() -> nowhere.list("", "", 10))
          .isInstanceOf(ObjectStoreException.Rejected.class);
    }
  }

  @Test
  void wrongKeysAreRejectedWithARemedy() {
    S3Endpoint good = server.endpoint();
    S3Endpoint stranger = new S3Endpoint(good.url(), good.accessKey(), "wrong");
    try (ObjectStore refused = stranger.open(BUCKET, "")) {
      assertThatThrownBy(() -> refused.put(new ObjectKey("a"), ObjectBody.of(text("1"))))
          .isInstanceOf(ObjectStoreException.Rejected.class)
          .hasMessageContaining("403");
      assertThatThrownBy(() -> refused.read(new ObjectKey("a"), 0, ByteBuffer.allocate(1)))
          .isInstanceOf(ObjectStoreException.Rejected.class);
      assertThatThrownBy(() -> refused.delete(List.of(new ObjectKey("a"))))
          .isInstanceOf(ObjectStoreException.Rejected.class);
    }
  }
}
