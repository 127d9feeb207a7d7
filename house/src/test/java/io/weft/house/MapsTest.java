package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`Gone`",
        "`User → Gone → User`",
        "`User.Gone`",
        "`gone.Gone.run`",
        "`User`\n/// and `User →\n/// Gone`",
        "`Elsewhere`"
      })
  void aTypeThatIsNotThereIsFound(String map) throws IOException {
    assertThat(types(map)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`User (run) → User.Inner, Below | Used…`",
        "`List → ByteBuffer`",
        "`System.nanoTime`",
        "`WEFT_FLUSH_MS`, a `GET`",
        "Prose names Gone as it likes."
      })
  void whatIsDeclaredOrUsedHereIsFine(String map) throws IOException {
    assertThat(types(map)).isEmpty();
  }

  @Test
  void theMapOfATestsPackageIsReadToo() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.a.User", "class User {}")
            .test("io.weft.t.UserTest", "class UserTest {}")
            .testPackage("io.weft.t", "/// `UserTest → Gone`")
            .built();

    assertThat(Maps.typesThatAreNot(house)).hasSize(1);
  }

  @Test
  void aPackageWithoutARowIsFound() throws IOException {
    assertThat(packages("| `a` | one |\n")).containsExactly(row("has no row for the package a.b"));
  }

  @Test
  void aRowWithoutAPackageIsFound() throws IOException {
    assertThat(packages("| `a` | one |\n| `a.b` | two |\n| `c` | three |\n"))
        .containsExactly(row("has a row for c, which is no package"));
  }

  @Test
  void aRowForEachPackageIsFine() throws IOException {
    assertThat(packages("| `a` | one |\n| `a.b` | two |\n")).isEmpty();
  }

  @Test
  void anotherTableIsNoMapOfPackages() throws IOException {
    assertThat(packages("\n## Others\n\n| `a` | one |\n| `a.b` | two |\n")).hasSize(2);
  }

  private static Violation row(String what) {
    return new Violation("ARCHITECTURE.md", what);
  }

  private List<Violation> types(String map) throws IOException {
    return Maps.typesThatAreNot(
        planted().mainPackage("io.weft.a", "/// What it is for.\n///\n/// " + map).built());
  }

  private List<Violation> packages(String rows) throws IOException {
    String document = "# A map\n\n| `z` |\n\n## Packages\n\n" + rows + "\n## The rest\n\n| `y` |\n";
    return Maps.packages(planted().built().sources(), document);
  }

  private PlantedHouse planted() throws IOException {
    return new PlantedHouse(folder)
        .main(
            "io.weft.a.User",
            "import java.util.List; class User { record Inner() {} List<Used> used;"
                + " void run() { java.nio.ByteBuffer.allocate(1); } }")
        .main("io.weft.a.Used", "class Used {}")
        .main("io.weft.a.b.Below", "class Below {}")
        .test("io.weft.t.Elsewhere", "class Elsewhere {}");
  }
}
