package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @TempDir Path folder;

  @Test
  void aFileOfTooManyLinesIsFound() throws IOException {
    String longest = "class User {" + "\n".repeat(Sizes.FILE_LINES_MAX - 2) + "}";

    assertThat(found(longest)).isEmpty();
    assertThat(found("\n" + longest)).containsExactly("lines: 501, at most 500");
  }

  @Test
  void aTestsFileIsMeasuredToo() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.model.User", "class User {}")
            .test("io.weft.model.UserTest", "\n".repeat(500) + "class UserTest {}")
            .built();

    assertThat(Sizes.check(house.sources())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class User { void run(String text) {%s}\n }",
        "class User { User() {%s}\n }",
        "class User { String text = \"}}\"; /* } */ void run() { char c = '{';%s}\n }",
        "class User { class Inner { @Deprecated void run() {%s}\n } }"
      })
  void aMethodOfTooManyLinesIsFound(String user) throws IOException {
    String longest = "\n".repeat(Sizes.METHOD_LINES_MAX - 1);

    assertThat(found(user.formatted(longest))).isEmpty();
    assertThat(found(user.formatted(longest + "\n"))).hasSize(1).first().asString().contains("61");
  }

  @Test
  void aConstructorOfTooManyParametersIsFound() throws IOException {
    assertThat(found("class User { User(int a, int b, int c, int d, int e, int f, int g) {} }"))
        .isEmpty();
    assertThat(
            found("class User { User(int a, int b, int c, int d, int e, int f, int g, int h) {} }"))
        .containsExactly("parameters of the constructor of User: 8, at most 7");
  }

  @Test
  void aRecordMayHaveAsManyPartsAsItHas() throws IOException {
    assertThat(
            found(
                "record User(int a, int b, int c, int d, int e, int f, int g, int h) { User {} }"))
        .isEmpty();
  }

  @Test
  void anInterfaceOfTooManyMethodsIsFound() throws IOException {
    String seven = "void a(); void b(); void c(); void d(); void e(); void f(); void g();";

    assertThat(found("interface User { %s default void h() {} }".formatted(seven))).isEmpty();
    assertThat(found("interface User { %s void h(); }".formatted(seven))).hasSize(1);
  }

  @Test
  void aPackageOfTooManyFilesIsFound() throws IOException {
    PlantedHouse house = new PlantedHouse(folder);
    for (int i = 0; i <= Sizes.PACKAGE_FILES_MAX; i++) {
      house.main("io.weft.model.Value" + i, "class Value" + i + " {}");
    }

    assertThat(Sizes.check(house.built().sources()))
        .containsExactly(new Violation("io.weft.model", "files of the package: 21, at most 20"));
  }

  private List<String> found(String source) throws IOException {
    House house = new PlantedHouse(folder).main("io.weft.model.User", source).built();
    return Sizes.check(house.sources()).stream().map(Violation::what).toList();
  }
}
