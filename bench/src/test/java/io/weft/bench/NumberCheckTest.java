package io.weft.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class NumberCheckTest {
  private final NumberCheck check = new NumberCheck(4);

  @Test
  void acceptsEachNumberOnceInThePartitionsOrder() {
    add(0, 0);
    add(1, 1);
    add(1, 2);
    add(0, 3);
    assertThatCode(check::finish).doesNotThrowAnyException();
  }

  @Test
  void noticesADuplicate() {
    add(0, 0);
    add(0, 1);
    assertThatThrownBy(() -> add(1, 1)).hasMessageContaining("it was there before");
  }

  @Test
  void noticesAWrongOrder() {
    add(0, 2);
    assertThatThrownBy(() -> add(0, 1)).hasMessageContaining("it comes after number 2");
  }

  @Test
  void noticesALoss() {
    add(0, 0);
    add(0, 2);
    add(0, 3);
    assertThatThrownBy(check::finish).hasMessageContaining("the first is number 1");
  }

  @Test
  void noticesWhatNobodySent() {
    assertThatThrownBy(() -> add(0, 4)).hasMessageContaining("no such number was sent");
  }

  private void add(int partition, long number) {
    byte[] value = NumberCheck.numbered(new byte[16], number);
    check.add(new ConsumerRecord<>("t", partition, number, new byte[0], value));
  }
}
