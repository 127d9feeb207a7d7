package io.weft.storage.object.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

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
            .blobStore(new WholeObjects(blobs))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    proxy.start();
  }

  /// S3 lists an object once it is there as a whole. S3Proxy lists also the file that an object is
  /// written to until then, under the object's key and a UUID.
  private static final class WholeObjects extends ForwardingBlobStore {
    private static final Pattern UNFINISHED =
        Pattern.compile(".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private WholeObjects(BlobStore blobs) {
      super(blobs);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
      ListObjectsV2Response all = super.list(request);
      List<S3Object> whole =
          all.contents().stream()
              .filter(object -> !UNFINISHED.matcher(object.key()).matches())
              .toList();
      return all.toBuilder().contents(whole).keyCount(whole.size()).build();
    }
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
