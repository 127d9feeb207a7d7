package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.StoreLink;
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

  @Test
  void stopsAtAnObjectItDidNotMake() {
    store.replace("journal/readme", new byte[] {1});
    assertThatThrownBy(() -> journal().firstFrom(0)).isInstanceOf(JournalException.Damaged.class);
  }
}
