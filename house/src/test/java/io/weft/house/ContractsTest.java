package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractsTest {
  private static final String ABOVE =
      """
      interface Four<T> { void a(); void b(); void c(); void d(T value); }
      interface Two { void e(); void f(); }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "interface User extends Four<String>, Two { void g(); void h(); }",
        "interface User extends Six { void g(); void h(); } interface Six extends Four<String>, Two"
            + " {}",
        "interface User extends Four<String>, Two { void d(); void g(); }"
      })
  void anInterfaceThatInheritsTooManyIsFound(String user) throws IOException {
    assertThat(found(user, Set.of()))
        .containsExactly("io.weft.model.User: methods with those it inherits: 8, at most 7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "interface User extends Four<String>, Two { void g(); }",
        "interface User extends Four<String>, Two { void d(String value); void g(); }",
        "interface User extends Four<String>, Two { default void e() {} void g(); void h(); }",
        "interface User extends Four<String>, Two { default void h() {} static void i() {} void"
            + " g(); }",
        "interface User extends Four<String>, Two, AutoCloseable { void g(); }",
        "interface User extends Four<String>, Two, AutoCloseable { void g(); void close(); }",
        "abstract class User implements Four<String>, Two { abstract void g(); abstract void h(); }"
      })
  void whatIsReplacedHasABodyOrIsTheJdksIsNotCounted(String user) throws IOException {
    assertThat(found(user, Set.of())).isEmpty();
  }

  @Test
  void whatIsForgivenIsFineAndFoundWhenItNeedsNotBe() throws IOException {
    String name = "io.weft.model.User";

    assertThat(
            found("interface User extends Four<String>, Two { void g(); void h(); }", Set.of(name)))
        .isEmpty();
    assertThat(found("interface User extends Two {}", Set.of(name)))
        .containsExactly(name + ": asks for no more than it may: it needs not be forgiven");
  }

  private List<String> found(String user, Set<String> forgiven) throws IOException {
    House house =
        new PlantedHouse(folder.resolve(Integer.toString(user.hashCode())))
            .main("io.weft.model.User", ABOVE + user)
            .built();
    return Contracts.check(house.classes(), forgiven).stream().map(Violation::toString).toList();
  }
}
