package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"FileManager", "Utils", "TimeUtil", "StoreImpl", "CRCHelper", "ServiceLoop"})
  void aWordThatSaysNothingIsFound(String name) throws IOException {
    assertThat(found("io.weft.model." + name, "class " + name + " {}")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Implied", "Utility", "Commons", "Serviced"})
  void aWordThatOnlyBeginsLikeOneIsFine(String name) throws IOException {
    assertThat(found("io.weft.model." + name, "class " + name + " {}")).isEmpty();
  }

  @Test
  void aNestedTypeIsFoundToo() throws IOException {
    assertThat(found("io.weft.model.User", "class User { record Helper() {} }")).hasSize(1);
  }

  @Test
  void aPackageThatSaysNothingIsFound() throws IOException {
    assertThat(found("io.weft.model.common.User", "class User {}")).hasSize(1);
  }

  @Test
  void aGetterIsFoundUnlessOthersNamedIt() throws IOException {
    assertThat(found("io.weft.model.User", "class User { int getSize() { return 1; } }"))
        .hasSize(1);
    assertThat(
            found(
                "io.weft.model.Failure",
                "class Failure extends Exception {"
                    + " @Override public String getMessage() { return null; } }"))
        .isEmpty();
  }

  @Test
  void aStarImportIsFound() throws IOException {
    assertThat(found("io.weft.model.User", "import java.util.*; class User {}")).hasSize(1);
  }

  @Test
  void aPackageWithoutWordsOfItsOwnIsFound() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.model.User", "class User {}")
            .main("io.weft.server.User", "class User {}")
            .main("io.weft.server.package-info", "")
            .built();

    assertThat(Names.missingPackageInfo(house.sources()))
        .extracting(Violation::where)
        .containsExactly("io.weft.model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UserTest", "UserProperties", "UserContract"})
  void aTestThatMavenRunsIsFine(String name) throws IOException {
    assertThat(testsNotRun(name)).isEmpty();
  }

  @Test
  void aTestThatMavenPassesOverIsFound() throws IOException {
    assertThat(testsNotRun("UserChecks")).hasSize(1);
  }

  private List<Violation> testsNotRun(String name) throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.model.User", "class User {}")
            .test("io.weft.model." + name, "import org.junit.jupiter.api.Test; class User {}")
            .built();
    return Names.testsNotRun(house.sources());
  }

  private List<Violation> found(String name, String body) throws IOException {
    PlantedHouse planted = new PlantedHouse(folder.resolve(name));
    return Names.check(planted.main(name, body).built().sources());
  }
}
