package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every [Journal] must do. A form extends this and gives a fresh journal each time.
public abstract class JournalContract {
  private static final int RACERS = 16;

  /// An empty journal.
  protected abstract Journal journal();

  @Test
  public void readsWhatWasAppended() {
    Journal journal = journal();
    assertThat(journal.append(1, bytes("a"))).isEqualTo(AppendOutcome.APPENDED);
    assertThat(journal.append(2, bytes("b"))).isEqualTo(AppendOutcome.APPENDED);
    assertThat(journal.read(1)).hasValue(bytes("a"));
    assertThat(journal.read(2)).hasValue(bytes("b"));
  }

  @Test
  public void hasNothingWhereNothingWasAppended() {
    Journal journal = journal();
    assertThat(journal.read(1)).isEmpty();
    assertThat(journal.firstFrom(0)).isEmpty();
  }

  @Test
  public void keepsTheFirstOfTwo() {
    Journal journal = journal();
    journal.append(1, bytes("first"));
    assertThat(journal.append(1, bytes("second"))).isEqualTo(AppendOutcome.TAKEN);
    assertThat(journal.read(1)).hasValue(bytes("first"));
  }

  @Test
  public void saysTakenForTheSameBytesToo() {
    Journal journal = journal();
    journal.append(1, bytes("same"));
    assertThat(journal.append(1, bytes("same"))).isEqualTo(AppendOutcome.TAKEN);
  }

  @Test
  public void givesAnIndexToOneOfManyRacers() throws InterruptedException {
    Journal journal = journal();
    Environment environment = Environment.system();
    for (int index = 1; index <= 10; index++) {
      long raced = index;
      List<Pending<AppendOutcome>> outcomes = new ArrayList<>();
      for (int racer = 0; racer < RACERS; racer++) {
        Pending<AppendOutcome> outcome = new Pending<>();
        byte[] entry = bytes("racer " + racer);
        environment
            .tasks()
            .start("racer-" + racer, () -> outcome.complete(journal.append(raced, entry)));
        outcomes.add(outcome);
      }
      int winner = -1;
      for (int racer = 0; racer < RACERS; racer++) {
        if (outcomes.get(racer).await() == AppendOutcome.APPENDED) {
          assertThat(winner).as("another winner").isEqualTo(-1);
          winner = racer;
        }
      }
      assertThat(journal.read(index)).hasValue(bytes("racer " + winner));
    }
  }

  @Test
  public void findsTheFirstEntryFromAnIndexOn() {
    Journal journal = journal();
    journal.append(9, bytes("i"));
    journal.append(10, bytes("j"));
    journal.append(100, bytes("z"));
    assertThat(journal.firstFrom(0)).hasValue(9);
    assertThat(journal.firstFrom(9)).hasValue(9);
    assertThat(journal.firstFrom(10)).hasValue(10);
    assertThat(journal.firstFrom(11)).hasValue(100);
    assertThat(journal.firstFrom(101)).isEmpty();
  }

  @Test
  public void truncatesWhatIsBeforeAnIndexAndNothingElse() {
    Journal journal = journal();
    for (int index = 1; index <= 5; index++) {
      journal.append(index, bytes("entry " + index));
    }
    journal.truncateBefore(4);
    assertThat(journal.firstFrom(0)).hasValue(4);
    assertThat(journal.read(3)).isEmpty();
    assertThat(journal.read(4)).hasValue(bytes("entry 4"));
    assertThat(journal.read(5)).hasValue(bytes("entry 5"));
  }

  @Test
  public void truncatesAgainWithoutEffect() {
    Journal journal = journal();
    journal.append(7, bytes("g"));
    journal.truncateBefore(7);
    journal.truncateBefore(3);
    assertThat(journal.firstFrom(0)).hasValue(7);
  }

  @Test
  public void truncatesMoreThanOnePage() {
    Journal journal = journal();
    for (int index = 1; index <= 1_205; index++) {
      journal.append(index, bytes("x"));
    }
    journal.truncateBefore(1_204);
    assertThat(journal.firstFrom(0)).hasValue(1_204);
  }

  @Test
  public void keepsAnEmptyAndALargeEntry() {
    Journal journal = journal();
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    journal.append(1, new byte[0]);
    journal.append(2, large);
    assertThat(journal.read(1)).hasValue(new byte[0]);
    assertThat(journal.read(2)).hasValue(large);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
