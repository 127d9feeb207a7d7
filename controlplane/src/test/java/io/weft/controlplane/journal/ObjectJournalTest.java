package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.StoreLink;
import io.weft.storage.object.ObjectStore;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObjectJournalTest extends JournalContract {
  private final SimulatedStore store = new SimulatedStore();

  @Override
  protected Journal journal() {
    return new ObjectJournal(store);
  }

  @Test
  void namesItsObjectsByIndex() {
    journal().append(42, new byte[] {1});
    assertThat(store.keys("")).containsExactly("journal/00000000000000000042");
  }

  @Test
  void saysWhenTheStoreDoesNotAnswer() {
    StoreLink link = new StoreLink(store, Environment.system());
    Journal journal = new ObjectJournal(link);
    link.refuse(true);
    assertThatThrownBy(() -> journal.append(1, new byte[] {1}))
        .isInstanceOf(JournalException.Unavailable.class);
    assertThatThrownBy(() -> journal.read(1)).isInstanceOf(JournalException.Unavailable.class);
    assertThatThrownBy(() -> journal.firstFrom(1)).isInstanceOf(JournalException.Unavailable.class);
    assertThatThrownBy(() -> journal.truncateBefore(1))
        .isInstanceOf(JournalException.Unavailable.class);
  }

  /// A note, or what a store shows of a put that is still under way.
  @Test
  void leavesAloneWhatItDidNotMake() {
    List<String> foreign =
        List.of(
            "journal/00000000000000000002-3f1c",
            "journal/0000000000000000000x",
            "journal/99999999999999999999",
            "journal/readme");
    foreign.forEach(key -> store.replace(key, new byte[] {1}));
    assertThat(journal().firstFrom(0)).isEmpty();
    for (long index = 1; index <= 4; index++) {
      journal().append(index, new byte[] {1});
    }
    assertThat(journal().firstFrom(0)).hasValue(1);
    assertThat(journal().firstFrom(3)).hasValue(3);
    assertThat(journal().firstFrom(5)).isEmpty();

    journal().truncateBefore(3);

    assertThat(journal().firstFrom(0)).hasValue(3);
    assertThat(store.keys("journal/"))
        .containsAll(foreign)
        .contains("journal/00000000000000000003", "journal/00000000000000000004")
        .hasSize(foreign.size() + 2);
  }

  @Test
  void truncatesBehindMoreForeignObjectsThanOneCallLists() {
    for (int i = 0; i <= ObjectStore.KEYS_PER_CALL_MAX; i++) {
      store.replace("journal/-" + i, new byte[] {1});
    }
    journal().append(1, new byte[] {1});
    journal().append(2, new byte[] {1});

    journal().truncateBefore(2);

    assertThat(journal().firstFrom(0)).hasValue(2);
  }
}
