package io.weft.storage.object.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.storage.object.LatencyObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.s3.S3ObjectStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A good URL opens its store; a bad one is refused with a sentence that says how to mend it.
final class ObjectStoreUrlTest {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final ObjectKey KEY = new ObjectKey("a/b");

  @TempDir Path folder;

  @Test
  void oneNameInMemoryIsOneStore() {
    ObjectStore store = ObjectStoreUrl.open("mem:url-test-1", ENVIRONMENT);
    store.put(KEY, ObjectBody.of(new byte[3]));
    store.close();
    assertThat(ObjectStoreUrl.open("mem:url-test-1", ENVIRONMENT).stat(KEY)).isPresent();
    assertThat(ObjectStoreUrl.open("mem:url-test-2", ENVIRONMENT).stat(KEY)).isEmpty();
  }

  @Test
  void aFolderIsOpened() {
    for (String form : List.of("file:", "file://")) {
      try (ObjectStore store = ObjectStoreUrl.open(form + folder + "/data", ENVIRONMENT)) {
        store.put(KEY, ObjectBody.of(new byte[3]));
      }
      assertThat(folder.resolve("data/a/b")).exists();
    }
  }

  @Test
  void aFolderMayBeRelative() {
    Path here = Path.of("").toAbsolutePath();
    Path relative = here.relativize(folder.toAbsolutePath());
    ObjectStoreUrl.open("file:" + relative + "/near", ENVIRONMENT).close();
    assertThat(folder.resolve("near")).isDirectory();
  }

  @Test
  void aBucketIsOpened() {
    try (ObjectStore store =
        ObjectStoreUrl.open(
            "s3://weft-data/some/prefix/?region=eu-central-1&endpoint=http://127.0.0.1:9"
                + "&pathStyle=true&attemptTimeoutMs=5000&connectionsMax=8",
            ENVIRONMENT)) {
      assertThat(store).isInstanceOf(S3ObjectStore.class);
    }
  }

  @Test
  void anyStoreCanBeSlowed() {
    assertThat(ObjectStoreUrl.open("mem:url-test-3?latency=s3-express", ENVIRONMENT))
        .isInstanceOf(LatencyObjectStore.class);
    assertThat(ObjectStoreUrl.open("file:" + folder + "?latency=brown-out", ENVIRONMENT))
        .isInstanceOf(LatencyObjectStore.class);
  }

  @Test
  void aUrlIsShownAsItWasWritten() {
    assertThat(ObjectStoreUrl.parse("s3://b/p?region=x")).hasToString("s3://b/p?region=x");
  }

  @Test
  void wrongSchemesAreRefused() {
    for (String text : List.of("", "data", "/var/data", "gs://bucket", "S3://bucket", ":x", "?")) {
      assertRefused(text, "mem:, file: or s3://");
    }
  }

  @Test
  void unknownOptionsAreRefusedWithASuggestion() {
    assertRefused("s3://b?regoin=x", "did you mean 'region'");
    assertRefused("s3://b?pathstyle=true", "did you mean 'pathStyle'");
    assertRefused("mem:?latncy=s3-express", "did you mean 'latency'");
    assertRefused("file:/x?region=y", "unknown option 'region'");
    assertRefused("s3://b?region=x&", "unknown option ''");
  }

  @Test
  void wrongValuesAreRefused() {
    assertRefused("mem:?latency=slow", "s3-standard or s3-express or brown-out");
    assertRefused("s3://b?pathStyle=yes", "true or false");
    assertRefused("s3://b?region", "needs a value");
    assertRefused("s3://b?region=", "needs a value");
    assertRefused("s3://b?region=x&region=y", "given twice");
    assertRefused("s3://b?attemptTimeoutMs=-1", "whole number");
    assertRefused("s3://b?attemptTimeoutMs=99999999999", "whole number");
    assertRefused("s3://b?region=%zz", "%25");
    assertRefused("s3://b?endpoint=localhost:9000", "http://host:port");
    assertRefused("s3://b?endpoint=http://u:p@host", "http://host:port");
    assertRefused("s3://b?endpoint=http://a b", "http://host:port");
  }

  @Test
  void missingPlacesAreRefused() {
    assertRefused("s3:", "s3://bucket");
    assertRefused("s3://", "s3://bucket");
    assertRefused("s3:///prefix", "s3://bucket");
    assertRefused("s3:bucket", "s3://bucket");
    assertRefused("s3://b/a//b", "prefix");
    assertRefused("file:", "file:/absolute/path");
    assertRefused("file://host/path", "file:/absolute/path");
    assertRefused("mem:a/b", "mem:name");
  }

  private static void assertRefused(String text, String remedy) {
    assertThatThrownBy(() -> ObjectStoreUrl.parse(text))
        .as(text)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(remedy);
  }
}
