package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogCallsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOG.warn(\"one {} two {}\", 1)",
        "LOG.warn(\"none\", 1)",
        "LOG.warn(\"one {} \" + \"two {}\", 1)",
        "LOG.error(\"one {} and its failure: {}\", 1, e)",
        "LOG.error(\"a failure: {}\", e)",
        "LOG.error(\"one {}\", 1, 2)"
      })
  void aValueWithoutAPlaceOrAPlaceWithoutAValueIsFound(String call) throws IOException {
    assertThat(found(call)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOG.warn(\"nothing\")",
        "LOG.warn(\"one {} two {}\", 1, 2)",
        "LOG.error(\"one {}\", 1, e)",
        "LOG.error(\"failed\", e)",
        "LOG.error(\"failed: {}\", e.getMessage())",
        "LOG.error(\"failed\", e.getCause())"
      })
  void whatFitsIsFine(String call) throws IOException {
    assertThat(found(call)).isEmpty();
  }

  private List<Violation> found(String call) throws IOException {
    House house =
        new PlantedHouse(folder)
            .main(
                "io.weft.model.User",
                """
                class User {
                  static class Log {
                    void warn(String text, Object... values) {}
                    void error(String text, Object... values) {}
                  }
                  static final Log LOG = new Log();
                  void use() {
                    try {
                      use();
                    } catch (RuntimeException e) {
                      %s;
                    }
                  }
                }
                """
                    .formatted(call))
            .built();
    return LogCalls.check(house.sources());
  }
}
