package io.weft.storage.object.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.storage.object.MeasuringObjectStore;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.ObjectStoreFigures;
import io.weft.storage.object.probe.CarelessStore.Flaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class StoreProbeTest {
  private final Environment environment = Environment.system();

  @Test
  void aSoundStoreIsFoundSoundAndLeftAsItWas() {
    MemoryObjectStore store = new MemoryObjectStore();

    assertThat(StoreProbe.ofJournal(store, environment)).isInstanceOf(StoreVerdict.Sound.class);
    assertThat(StoreProbe.ofRecords(store, environment)).isInstanceOf(StoreVerdict.Sound.class);
    assertThat(store.list("", "", 10)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "IGNORES_CONDITIONS, again unless it is there",
    "OVERWRITES_WHAT_EXISTS, created again in vain",
    "REFUSES_CONDITIONS, unless it is there",
    "EXISTS_ALWAYS, unless it is there",
    "RANGE_IS_WHOLE, read bytes 300 to 700",
    "RANGE_FROM_START, read bytes 300 to 700",
    "STALE_READS, after it was created",
    "KEEPS_DELETED, delete"
  })
  void aStoreThatBreaksAPromiseIsRefusedByTheNameOfTheCall(Flaw flaw, String call) {
    StoreVerdict ofRecords = StoreProbe.ofRecords(new CarelessStore(flaw), environment);
    StoreVerdict ofJournal = StoreProbe.ofJournal(new CarelessStore(flaw), environment);

    assertThat(call(ofRecords)).contains(call);
    assertThat(call(ofJournal)).contains(call);
  }

  @ParameterizedTest
  @CsvSource({"STALE_LISTS", "LISTS_FROM_THE_START"})
  void wrongListsAreNoticed(Flaw flaw) {
    assertThat(call(StoreProbe.ofJournal(new CarelessStore(flaw), environment)))
        .startsWith("list what begins with probe/");
    assertThat(call(StoreProbe.ofRecords(new CarelessStore(flaw), environment)))
        .startsWith("list what begins with probe/");
  }

  @ParameterizedTest
  @EnumSource(names = {"EXISTS_AFTER_OWN", "ONE_TURNED_BIT"})
  void whatPassesIsNotHeldAgainstAStore(Flaw flaw) {
    assertThat(StoreProbe.ofJournal(new CarelessStore(flaw), environment))
        .isInstanceOf(StoreVerdict.Sound.class);
  }

  @Test
  void aStoreThatCannotBeReachedIsNotJudged() {
    assertThatThrownBy(() -> StoreProbe.ofJournal(new CarelessStore(Flaw.UNAVAILABLE), environment))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
  }

  @Test
  void aStoreThatLetsNobodyWriteIsNotJudged() {
    assertThatThrownBy(
            () -> StoreProbe.ofJournal(new CarelessStore(Flaw.REFUSES_WRITES), environment))
        .isInstanceOf(ObjectStoreException.Rejected.class)
        .hasMessageContaining("403");
  }

  @Test
  void deletingMustBeAllowedWhereItIsNeeded() {
    CarelessStore store = new CarelessStore(Flaw.REFUSES_DELETES);

    assertThat(StoreProbe.ofRecords(store, environment)).isInstanceOf(StoreVerdict.Sound.class);
    assertThatThrownBy(() -> StoreProbe.ofJournal(store, environment))
        .isInstanceOf(ObjectStoreException.Rejected.class);
  }

  @Test
  void itCostsAHandfulOfCalls() {
    MeasuringObjectStore store =
        new MeasuringObjectStore(new MemoryObjectStore(), "bucket", environment);

    StoreProbe.ofRecords(store, environment);
    assertThat(calls(store)).isEqualTo(8);
    StoreProbe.ofJournal(store, environment);
    assertThat(calls(store)).isEqualTo(8 + 8);
  }

  private static long calls(MeasuringObjectStore store) {
    return store.figures().operations().values().stream()
        .mapToLong(ObjectStoreFigures.OfOperation::calls)
        .sum();
  }

  private static String call(StoreVerdict verdict) {
    return switch (verdict) {
      case StoreVerdict.Sound() -> "nothing: it was found sound";
      case StoreVerdict.Broken broken -> broken.call();
    };
  }
}
