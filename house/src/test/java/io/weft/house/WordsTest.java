package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Who waits long holds no request.",
        "It is kept. Who asks again gets it.",
        "Empty for who reads all.",
        "It is owned by whoever leads.",
        "It is not to be had.",
        "What was decided is made so.",
        "Empty if it is none.",
        "Any thread is such a one.",
        "Whether it has a transaction of its."
      })
  void aTurnThatReadersStumbleOverIsFound(String sentence) throws IOException {
    assertThat(found("/// " + sentence + "\nclass User {}")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A call that waits long does not keep its request.",
        "An operator who reads this knows.",
        "A thread of its own.",
        "Null if there is none."
      })
  void aSentenceThatNamesTheActorIsFine(String sentence) throws IOException {
    assertThat(found("/// " + sentence + "\nclass User {}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"///", "//"})
  void aTurnIsFoundOverTwoLines(String slashes) throws IOException {
    assertThat(found("%1$s It is not to\n%1$s be had.\nclass User {}".formatted(slashes)))
        .hasSize(1);
  }

  private List<Violation> found(String body) throws IOException {
    return Words.check(new PlantedHouse(folder).main("io.weft.model.User", body).built().sources());
  }
}
