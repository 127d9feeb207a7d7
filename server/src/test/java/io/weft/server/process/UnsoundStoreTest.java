package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.server.settings.SettingException;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.probe.StoreVerdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Processes on a store that knows no conditions.
class UnsoundStoreTest {
  private static final Duration END = Duration.ofMinutes(2);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "control-plane --listen 127.0.0.1:0 --journal",
        "agent --listen 127.0.0.1:0 --control-plane 127.0.0.1:1 --bucket",
        "dev --port 0 --data"
      })
  void aStoreThatIgnoresConditionsIsRefusedInOneSentence(String arguments) throws Exception {
    try (UnconditionalS3 store = new UnconditionalS3()) {
      String url = "s3://any/where?pathStyle=true&endpoint=" + store.endpoint();
      List<String> words =
          Stream.concat(Arrays.stream(arguments.split(" ")), Stream.of(url)).toList();
      try (ChildProcess weft =
          WeftProcess.launch(
              folder,
              List.of("-Xmx256m"),
              words,
              Map.of("AWS_ACCESS_KEY_ID", "any", "AWS_SECRET_ACCESS_KEY", "any"))) {
        assertThat(weft.awaitEnd(END)).isEqualTo(2);

        assertThat(weft.output())
            .contains("is 's3://any/where")
            .contains(", a store that does not keep what Weft rests on")
            .contains("again unless it is there: 'created', though it was there")
            .contains("right would be: 'exists' (S3: status 412 for If-None-Match: *)")
            .doesNotContain("Weft is ready")
            .doesNotContain("at io.weft");
      }
      assertThat(store.keys()).allMatch(key -> key.contains("/probe/"));
    }
  }

  @Test
  void aStoreThatCannotBeReachedIsWaitedFor() throws Exception {
    Deque<Supplier<StoreVerdict>> answers = new ArrayDeque<>();
    answers.add(
        () -> {
          throw new ObjectStoreException.Unavailable("503", null);
        });
    answers.add(StoreVerdict.Sound::new);

    SoundStore.await(journal(), (_, _) -> answers.remove().get(), Environment.system());

    assertThat(answers).isEmpty();
  }

  @Test
  void theSentenceNamesTheStoreAndTheCall() {
    assertThatThrownBy(
            () ->
                SoundStore.await(
                    journal(),
                    (_, _) -> new StoreVerdict.Broken("read it", "other bytes", "its bytes"),
                    Environment.system()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("journal is 'mem:x'")
        .hasMessageContaining("read it: other bytes; right would be: its bytes");
  }

  private static OpenStore journal() {
    MemoryObjectStore store = new MemoryObjectStore();
    return new OpenStore("journal", "mem:x", store, store);
  }
}
