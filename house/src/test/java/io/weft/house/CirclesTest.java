package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CirclesTest {
  private static final String NONE_FORGIVEN = "";

  @TempDir Path folder;
  private PlantedHouse planted;

  @BeforeEach
  void plant() {
    planted = new PlantedHouse(folder);
  }

  @Test
  void packagesOneBelowTheOtherAreFine() throws IOException {
    planted
        .main("io.weft.a.User", "class User { io.weft.a.b.Used used; }")
        .main("io.weft.a.b.Used", "public class Used { io.weft.c.Last last; }")
        .main("io.weft.c.Last", "public class Last {}");

    assertThat(found(NONE_FORGIVEN)).isEmpty();
  }

  @Test
  void aPackageAndOneBelowItThatUseEachOtherAreFound() throws IOException {
    planted
        .main("io.weft.a.User", "public class User { io.weft.a.b.Used used; }")
        .main("io.weft.a.b.Used", "public class Used { io.weft.a.User user; }");

    assertThat(found(NONE_FORGIVEN))
        .containsExactly(
            "io.weft.a.User: io.weft.a uses io.weft.a.b and is used by it: io.weft.a.b → io.weft.a",
            "io.weft.a.b.Used: io.weft.a.b uses io.weft.a and is used by it:"
                + " io.weft.a → io.weft.a.b");
  }

  @Test
  void aCircleOfThreeIsFoundAndWhoOnlyLooksAtItIsNot() throws IOException {
    planted
        .main("io.weft.a.One", "public class One { io.weft.b.Two two; }")
        .main("io.weft.b.Two", "public class Two { io.weft.c.Three three; }")
        .main("io.weft.c.Three", "public class Three { io.weft.a.One one; }")
        .main("io.weft.d.Watcher", "class Watcher { io.weft.a.One one; }");

    assertThat(found(NONE_FORGIVEN))
        .hasSize(3)
        .first()
        .asString()
        .endsWith("io.weft.b → io.weft.c → io.weft.a");
  }

  @Test
  void aCircleThroughAConstantIsFoundByItsImport() throws IOException {
    planted
        .main("io.weft.a.One", "public class One { public static final int MAX = 4; }")
        .main("io.weft.a.User", "class User { io.weft.b.Two two; }")
        .main(
            "io.weft.b.Two",
            "import static io.weft.a.One.MAX; public class Two { int max = MAX; }");

    assertThat(found(NONE_FORGIVEN)).hasSize(2);
  }

  @Test
  void aUseThatIsForgivenClosesNoCircle() throws IOException {
    planted
        .main("io.weft.a.User", "public class User { io.weft.a.b.Used used; }")
        .main("io.weft.a.b.Used", "public class Used { io.weft.a.User user; }");

    assertThat(found("a | a.b | why")).isEmpty();
  }

  @Test
  void aUseThatNeedsNoForgivingAnyMoreIsFound() throws IOException {
    planted
        .main("io.weft.a.User", "class User { io.weft.a.b.Used used; }")
        .main("io.weft.a.b.Used", "public class Used {}");

    assertThat(found("a | a.b | why"))
        .containsExactly(
            "io.weft.a: its use of io.weft.a.b makes no circle: take it out of the table");
  }

  private List<String> found(String forgiven) throws IOException {
    return Circles.check(planted.built(), forgiven).stream().map(Violation::toString).toList();
  }
}
