package io.weft.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.Repository;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void isTheBuilds() throws IOException {
    String pom = Files.readString(Repository.root().resolve("pom.xml"));
    assertThat(pom.substring(pom.indexOf("<artifactId>weft<")).lines().skip(1).findFirst())
        .hasValueSatisfying(
            line -> assertThat(line.strip()).isEqualTo("<version>" + Version.TEXT + "</version>"));
  }
}
