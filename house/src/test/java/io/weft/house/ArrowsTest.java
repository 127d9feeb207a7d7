package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowsTest {
  private static final String MAY_NOT = "io.weft.model.User: model may not use io.weft.server.Roof";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "interface User { io.weft.server.Roof made(); }",
        "interface User { java.util.List<io.weft.server.Roof> made(); }",
        "interface User { io.weft.server.Roof[][] made(); }",
        "class User { Object made() { return new io.weft.server.Roof(); } }",
        "class User { java.util.function.Supplier<?> made = io.weft.server.Roof::new; }",
        "class User extends io.weft.server.Roof {}"
      })
  void anUpwardArrowIsFoundWhereverItStands(String user) throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.server.Roof", "public class Roof {}")
            .main("io.weft.model.User", user)
            .built();

    assertThat(found(house)).containsExactly(MAY_NOT);
  }

  @Test
  void anArrowToAConstantIsFoundByItsImport() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.server.Roof", "public class Roof { public static final int MAX = 4; }")
            .main(
                "io.weft.model.User",
                "import static io.weft.server.Roof.MAX; class User { int max = MAX; }")
            .built();

    assertThat(new Arrows().ofSources(house.sources()))
        .extracting(Violation::what)
        .containsExactly("model may not use io.weft.server.Roof.MAX");
  }

  @Test
  void aRoomBelowWithARowOfItsOwnIsAnotherRoom() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.storage.object.s3.Bucket", "public class Bucket {}")
            .main(
                "io.weft.storage.object.User",
                "class User { io.weft.storage.object.s3.Bucket bucket; }")
            .built();

    assertThat(found(house)).hasSize(1);
  }

  @Test
  void aPackageWithoutARowIsFound() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.model.Value", "public class Value {}")
            .main("io.weft.attic.User", "class User { io.weft.model.Value value; }")
            .built();

    assertThat(found(house))
        .contains("io.weft.attic.User: its package has no row in the table of arrows");
  }

  @Test
  void oneClassOfARoomMayBeAllowedAlone() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main(
                "io.weft.storage.object.ObjectStoreException",
                "public class ObjectStoreException {}")
            .main("io.weft.storage.object.Other", "public class Other {}")
            .main(
                "io.weft.agent.fetch.User",
                "class User { io.weft.storage.object.ObjectStoreException a;"
                    + " io.weft.storage.object.Other b; }")
            .built();

    assertThat(found(house))
        .containsExactly(
            "io.weft.agent.fetch.User: agent.fetch may not use io.weft.storage.object.Other");
  }

  @Test
  void aDownwardArrowIsFine() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.model.Value", "public class Value {}")
            .main("io.weft.storage.file.User", "class User { io.weft.model.Value value; }")
            .built();

    assertThat(found(house)).isEmpty();
  }

  private static List<String> found(House house) {
    return new Arrows().ofClasses(house.classes()).stream().map(Violation::toString).toList();
  }
}
