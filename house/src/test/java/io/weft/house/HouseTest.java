package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the rules of the house over all modules; each rule's own test shows that it can fail.
class HouseTest {
  private static Path root;
  private static House house;

  @BeforeAll
  static void read() throws IOException {
    root = House.root();
    house = House.at(root);
  }

  @Test
  void theWholeHouseIsLookedAt() {
    assertThat(house.classes())
        .extracting(CompiledClass::name)
        .contains(
            "io.weft.model.PartitionId",
            "io.weft.protocol.record.BatchHeader",
            "io.weft.storage.file.FileComposer",
            "io.weft.controlplane.api.Sequencer",
            "io.weft.agent.memory.ByteBudget");
    assertThat(house.sources()).anyMatch(SourceUnit::test).anyMatch(source -> !source.test());
  }

  @Test
  void arrowsGoDownOnly() {
    assertThat(new Arrows().ofClasses(house.classes())).isEmpty();
    assertThat(new Arrows().ofSources(house.sources())).isEmpty();
  }

  @Test
  void packagesStandInNoCircle() {
    assertThat(Circles.check(house)).isEmpty();
  }

  @Test
  void nothingBannedIsUsed() {
    assertThat(new Bans().check(house.classes())).isEmpty();
  }

  @Test
  void nothingIsTooLarge() {
    assertThat(Sizes.check(house.sources())).isEmpty();
    assertThat(Contracts.check(house.classes())).isEmpty();
  }

  @Test
  void namesSaySomething() {
    assertThat(Names.check(house.sources())).isEmpty();
  }

  @Test
  void commentsNameTheActor() {
    assertThat(Words.check(house.sources())).isEmpty();
  }

  @Test
  void everyLoggedValueHasItsPlace() {
    assertThat(LogCalls.check(house.sources())).isEmpty();
  }

  @Test
  void everyTestIsRun() {
    assertThat(Names.testsNotRun(house.sources())).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    assertThat(Names.missingPackageInfo(house.sources())).isEmpty();
  }

  @Test
  void theMapOfAPackageNamesWhatIsThere() {
    assertThat(Maps.typesThatAreNot(house)).isEmpty();
  }

  @Test
  void theMapOfTheHouseNamesEveryPackageAndNoOther() throws IOException {
    assertThat(Maps.packages(house.sources(), Files.readString(root.resolve(Maps.DOCUMENT))))
        .isEmpty();
  }

  @Test
  void everyModuleIsCompiledBeforeItIsLookedAt() throws IOException {
    String ours = Files.readString(root.resolve("house/pom.xml"));
    assertThat(House.modules(root))
        .extracting(module -> module.getFileName().toString())
        .filteredOn(module -> !module.equals("house"))
        .hasSizeGreaterThan(5)
        .allMatch(module -> ours.contains("<artifactId>weft-" + module + "</artifactId>"));
  }
}
