package io.weft.server.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the rules of the house over all modules; each rule's own test shows that it can fail.
class HouseTest {
  private static House house;

  @BeforeAll
  static void read() throws IOException {
    house = House.ours();
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
  void nothingBannedIsUsed() {
    assertThat(new Bans().check(house.classes())).isEmpty();
  }

  @Test
  void nothingIsTooLarge() {
    assertThat(Sizes.check(house.sources())).isEmpty();
  }

  @Test
  void namesSaySomething() {
    assertThat(Names.check(house.sources())).isEmpty();
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
}
