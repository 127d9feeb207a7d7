package io.weft.storage.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import io.weft.storage.object.s3.StubServer.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/// What the S3 store makes of every answer a store may give, and what it asks.
final class S3AnswersTest {
  private static final ObjectKey KEY = new ObjectKey("files/1");
  private static final ObjectBody BODY =
      ObjectBody.of(
          List.of(bytes("123"), bytes(""), bytes("456789")),
          ObjectBody.of("123456789".getBytes(StandardCharsets.US_ASCII)).crc32c());
  private static final Answer DONE = Answer.of(200, "", "ETag: \"x\"");

  private StubServer server;
  private ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    server = new StubServer();
    store = server.endpoint().open("bucket", "prefix");
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void anUploadIsPlainBytesUnderAKnownChecksum() {
    server.prepare(DONE);
    store.put(KEY, BODY);
    StubServer.Asked asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("PUT");
    assertThat(asked.path()).isEqualTo("/bucket/prefix/files/1");
    assertThat(asked.body()).isEqualTo("123456789".getBytes(StandardCharsets.US_ASCII));
    assertThat(asked.headers().getFirst("x-amz-checksum-crc32c")).isEqualTo("4waSgw==");
    assertThat(asked.headers().getFirst("Content-Length")).isEqualTo("9");
    assertThat(asked.headers()).doesNotContainKeys("X-amz-trailer", "Content-encoding");
    assertThat(asked.headers()).doesNotContainKey("If-none-match");
  }

  @Test
  void aConditionalUploadSaysSo() {
    server.prepare(DONE);
    assertThat(store.putIfAbsent(KEY, BODY)).isEqualTo(PutOutcome.CREATED);
    assertThat(server.asked().getFirst().headers().getFirst("If-None-Match")).isEqualTo("*");
  }

  @Test
  void aFailedPreconditionIsExists() {
    server.prepare(Answer.error(412, "PreconditionFailed"), Answer.of(412, ""));
    assertThat(store.putIfAbsent(KEY, BODY)).isEqualTo(PutOutcome.EXISTS);
    assertThat(store.putIfAbsent(KEY, BODY)).isEqualTo(PutOutcome.EXISTS);
  }

  @Test
  void anErrorInTheBodyOfA200IsNoSuccess() {
    server.prepare(Answer.error(200, "InternalError"), Answer.error(200, "SlowDown"));
    assertUnavailable(() -> store.put(KEY, BODY));
    assertUnavailable(() -> store.putIfAbsent(KEY, BODY));
    server.prepare(Answer.error(200, "InternalError"), Answer.error(200, "InternalError"));
    assertUnavailable(() -> store.list("", "", 10));
    assertUnavailable(() -> store.delete(List.of(KEY)));
  }

  @Test
  void aFailedPreconditionInTheBodyOfA200IsNeverCreated() {
    server.prepare(Answer.error(200, "PreconditionFailed"));
    assertUnavailable(() -> store.putIfAbsent(KEY, BODY));
  }

  @Test
  void whatMayPassIsUnavailableAndNotRetriedHere() {
    List<Answer> passing =
        List.of(
            Answer.error(409, "ConditionalRequestConflict"),
            Answer.error(503, "SlowDown"),
            Answer.error(500, "InternalError"),
            Answer.error(429, "TooManyRequests"),
            Answer.error(400, "RequestTimeout"),
            Answer.error(400, "ExpiredToken"),
            Answer.of(502, "<html>bad gateway</html>"),
            Answer.of(504, ""),
            Answer.of(307, "", "Location: http://127.0.0.1:1/"));
    for (Answer answer : passing) {
      server.prepare(answer, answer, answer);
      assertUnavailable(() -> store.putIfAbsent(KEY, BODY));
      assertUnavailable(() -> store.read(KEY, 0, ByteBuffer.allocate(3)));
      assertUnavailable(() -> store.delete(List.of(KEY)));
    }
    assertThat(server.asked()).hasSize(passing.size() * 3);
  }

  /// A store bills what it refuses (4xx), and not what it fails at (5xx).
  @Test
  void whatIsRefusedForNowIsToldApartFromWhatTheStoreFailsAt() {
    List<Answer> refusals =
        List.of(
            Answer.error(409, "ConditionalRequestConflict"),
            Answer.error(429, "TooManyRequests"),
            Answer.error(400, "RequestTimeout"));
    for (Answer answer : refusals) {
      server.prepare(answer);
      assertThatThrownBy(() -> store.putIfAbsent(KEY, BODY))
          .isInstanceOf(ObjectStoreException.Deferred.class);
    }
    for (Answer answer : List.of(Answer.error(503, "SlowDown"), Answer.error(500, "Internal"))) {
      server.prepare(answer);
      assertThatThrownBy(() -> store.putIfAbsent(KEY, BODY))
          .isInstanceOf(ObjectStoreException.Unavailable.class)
          .isNotInstanceOf(ObjectStoreException.Deferred.class);
    }
  }

  @Test
  void whatIsFinalIsRejectedWithARemedy() {
    Map<Answer, String> remedies =
        Map.of(
            Answer.error(403, "AccessDenied"), "s3:PutObject",
            Answer.error(403, "InvalidAccessKeyId"), "credentials",
            Answer.error(401, "Unauthorized"), "s3:PutObject",
            Answer.error(403, "RequestTimeTooSkewed"), "clock",
            Answer.error(404, "NoSuchBucket"), "make the bucket",
            Answer.error(301, "PermanentRedirect"), "region",
            Answer.error(400, "InvalidRequest"), "InvalidRequest");
    remedies.forEach(
        (answer, remedy) -> {
          server.prepare(answer);
          assertThatThrownBy(() -> store.put(KEY, BODY))
              .isInstanceOf(ObjectStoreException.Rejected.class)
              .hasMessageContaining(remedy)
              .hasMessageContaining("bucket");
        });
  }

  @Test
  void withoutCredentialsNothingIsAskedAndTheRemedyIsSaid() {
    S3Settings settings =
        new S3Settings("bucket", "", "", server.endpoint().url(), true, S3Settings.Limits.DEFAULT);
    AwsCredentialsProvider none =
        () -> {
          throw SdkClientException.create("Unable to load credentials from any of the providers");
        };
    try (ObjectStore without = new S3ObjectStore(S3Connection.open(settings, none), settings)) {
      assertThatThrownBy(() -> without.list("", "", 1))
          .isInstanceOf(ObjectStoreException.NoCredentials.class)
          .isInstanceOf(ObjectStoreException.Unavailable.class)
          .hasMessageContaining("AWS_SECRET_ACCESS_KEY");
    }
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"})
  void aWrongDigestIsRejectedOnlyIfTheBytesAreWrongHere(String code) {
    server.prepare(Answer.error(400, code), Answer.error(400, code));
    assertUnavailable(() -> store.put(KEY, BODY));
    ObjectBody changed = ObjectBody.of(List.of(bytes("123")), 1);
    assertThatThrownBy(() -> store.put(KEY, changed))
        .isInstanceOf(ObjectStoreException.Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<", "<?xml version=\"1.0\"?><ListBucketResult><Contents>"})
  void anAnswerThatBreaksOffMeansNothing(String beginning) {
    for (int status : List.of(200, 500)) {
      Answer broken = Answer.of(status, beginning).announcing(1_000);
      server.prepare(broken, broken, broken, broken);
      assertUnavailable(() -> store.list("files/", "", 10));
      assertUnavailable(() -> store.delete(List.of(KEY)));
      assertUnavailable(() -> store.put(KEY, BODY));
      assertUnavailable(() -> store.readAll(KEY, 2_000));
    }
  }

  @Test
  void absenceIsToldFromAMissingBucket() {
    server.prepare(Answer.error(404, "NoSuchKey"), Answer.error(404, "NoSuchKey"));
    assertThatThrownBy(() -> store.read(KEY, 0, ByteBuffer.allocate(3)))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    assertThatThrownBy(() -> store.readAll(KEY, 3))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    server.prepare(Answer.error(404, "NoSuchBucket"), Answer.of(404, ""));
    assertThatThrownBy(() -> store.readAll(KEY, 3))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    assertThat(store.stat(KEY)).isEmpty();
  }

  @Test
  void aGoodRangeIsRead() {
    server.prepare(range("bytes 5-8/100", "5678"));
    ByteBuffer target = ByteBuffer.allocate(4);
    store.read(KEY, 5, target);
    assertThat(target.flip()).isEqualTo(bytes("5678"));
    assertThat(server.asked().getFirst().headers().getFirst("Range")).isEqualTo("bytes=5-8");
  }

  @Test
  void aWrongRangeIsUnavailableAndMovesNothing() {
    List<Answer> wrong =
        List.of(
            Answer.of(200, "5678"),
            Answer.of(200, "0123456789"),
            Answer.of(200, "5678", "Content-Range: bytes 5-8/100"),
            Answer.of(206, "5678"),
            range("bytes 4-7/100", "4567"),
            range("bytes 5-7/100", "567"),
            range("bytes 5-8/100", "567"),
            range("bytes 5-8/100", "56789"),
            range("bytes 5-8/*", "5678"),
            range("nonsense", "5678"),
            range("bytes 5-8/100", "56").announcing(4));
    for (Answer answer : wrong) {
      for (ByteBuffer target : List.of(ByteBuffer.allocate(6), ByteBuffer.allocateDirect(6))) {
        target.position(1).limit(5);
        server.prepare(answer);
        assertUnavailable(() -> store.read(KEY, 5, target));
        assertThat(target.position()).isEqualTo(1);
        assertThat(target.limit()).isEqualTo(5);
      }
    }
  }

  @Test
  void aReadThatMayReachBeyondTheEndTakesTheLengthFromTheAnswer() {
    server.prepare(range("bytes 5-7/8", "567"));
    assertThat(store.readUpTo(KEY, 5, 4)).isEqualTo(new ObjectPart(bytes("567"), 8));
    assertThat(server.asked()).hasSize(1);
    assertThat(server.asked().getFirst().headers().getFirst("Range")).isEqualTo("bytes=5-8");
  }

  @Test
  void aWholeObjectIsTakenForARangeFromItsBeginningIfItIsShortEnough() {
    server.prepare(Answer.of(200, "567"), Answer.of(200, "56789"), Answer.of(200, "567"));
    assertThat(store.readUpTo(KEY, 0, 4)).isEqualTo(new ObjectPart(bytes("567"), 3));
    assertUnavailable(() -> store.readUpTo(KEY, 0, 4));
    assertUnavailable(() -> store.readUpTo(KEY, 1, 4));
  }

  @Test
  void aReadThatMayReachBeyondTheEndBelievesNoOtherRange() {
    List<Answer> wrong =
        List.of(
            Answer.of(200, "567"),
            Answer.of(206, "567"),
            range("bytes 4-7/8", "4567"),
            range("bytes 5-6/8", "56"),
            range("bytes 5-8/100", "567"),
            range("bytes 5-9/100", "56789"),
            range("bytes 5-7/*", "567"),
            range("bytes 5-7/5", "567"),
            range("bytes 5-7/8", "56").announcing(3));
    for (Answer answer : wrong) {
      server.prepare(answer);
      assertUnavailable(() -> store.readUpTo(KEY, 5, 4));
    }
  }

  @Test
  void aRangeOutsideTheObjectIsRejected() {
    server.prepare(Answer.error(416, "InvalidRange"), range("bytes 5-7/8", "567"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.read(KEY, 5, ByteBuffer.allocate(4)))
          .isInstanceOf(ObjectStoreException.Rejected.class);
    }
  }

  @Test
  void aWholeObjectThatIsCutOrTooLongIsNotTaken() {
    server.prepare(Answer.of(200, "012").announcing(10), Answer.of(200, "0123456789"));
    assertUnavailable(() -> store.readAll(KEY, 100));
    assertThatThrownBy(() -> store.readAll(KEY, 9))
        .isInstanceOf(ObjectStoreException.Rejected.class);
  }

  @Test
  void aListIsPutTogetherFromShortAnswers() {
    server.prepare(
        listed(true, "prefix/a", "prefix/a b"), listed(true), listed(false, "prefix/b", "prefix/"));
    assertThat(store.list("", "", 10))
        .extracting(ObjectInfo::key)
        .containsExactly(new ObjectKey("a"), new ObjectKey("b"));
    assertThat(server.asked().get(1).path()).contains("continuation-token=next");
  }

  @Test
  void aListWithoutEndIsUnavailable() {
    for (int i = 0; i < 200; i++) {
      server.prepare(listed(true));
    }
    assertUnavailable(() -> store.list("", "", 10));
  }

  @Test
  void aKeyThatWasNotDeletedIsUnavailable() {
    server.prepare(
        Answer.of(
            200,
            "<DeleteResult><Error><Key>prefix/files/1</Key><Code>InternalError</Code>"
                + "<Message>later</Message></Error></DeleteResult>"));
    assertThatThrownBy(() -> store.delete(List.of(KEY)))
        .isInstanceOf(ObjectStoreException.Unavailable.class)
        .hasMessageContaining("InternalError");
    assertThat(new String(server.asked().getFirst().body(), StandardCharsets.UTF_8))
        .contains("<Quiet>true</Quiet>");
  }

  @Test
  void aStoreThatDoesNotAnswerIsUnavailable() {
    S3Settings.Limits hasty = new S3Settings.Limits(500, 500, 500, 4);
    try (ObjectStore waiting = server.endpoint().open("bucket", "", hasty)) {
      assertUnavailable(() -> waiting.put(KEY, BODY));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void aStoreThatIsNotThereIsUnavailable() {
    S3Endpoint gone = server.endpoint();
    server.close();
    try (ObjectStore nowhere = gone.open("bucket", "")) {
      assertUnavailable(() -> nowhere.put(KEY, BODY));
    }
  }

  @Test
  void anInterruptEndsACall() throws InterruptedException {
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread caller =
        Environment.system()
            .tasks()
            .start(
                "caller",
                () -> {
                  assertUnavailable(() -> store.put(KEY, BODY));
                  stillInterrupted.set(Thread.currentThread().isInterrupted());
                });
    server.awaitFirstAsked();
    caller.interrupt();
    caller.join();
    assertThat(stillInterrupted).isTrue();
  }

  private static Answer range(String contentRange, String body) {
    return Answer.of(206, body, "Content-Range: " + contentRange);
  }

  private static Answer listed(boolean more, String... keys) {
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    for (String key : keys) {
      xml.append("<Contents><Key>").append(key).append("</Key><Size>1</Size></Contents>");
    }
    xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
    if (more) {
      xml.append("<NextContinuationToken>next</NextContinuationToken>");
    }
    return Answer.of(200, xml.append("</ListBucketResult>").toString());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(ObjectStoreException.Unavailable.class);
  }
}
