package io.weft.storage.object.s3;

import java.net.URI;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/// An S3 server in this process, for tests: S3Proxy on a free port of loopback, with signatures
/// checked.
public final class S3ProxyServer implements AutoCloseable {
  private static final String ACCESS_KEY = "weft-test-access";
  private static final String SECRET_KEY = "weft-test-secret";

  private final S3Proxy proxy;
  private final BlobStore blobs;

  private S3ProxyServer(BlobStore blobs) throws Exception {
    this.blobs = blobs;
    this.proxy =
        S3Proxy.builder()
            .blobStore(blobs)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    proxy.start();
  }

  /// Objects are kept in memory.
  public static S3ProxyServer inMemory() throws Exception {
    return new S3ProxyServer(new TransientNio2BlobStore());
  }

  /// Objects are kept in a folder, which must be there.
  public static S3ProxyServer inFolder(Path folder) throws Exception {
    return new S3ProxyServer(new FilesystemNio2BlobStore(folder.toString()));
  }

  public S3Endpoint endpoint() {
    return new S3Endpoint("http://127.0.0.1:" + proxy.getPort(), ACCESS_KEY, SECRET_KEY);
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("S3Proxy does not stop", failure);
    } finally {
      blobs.close();
    }
  }
}
