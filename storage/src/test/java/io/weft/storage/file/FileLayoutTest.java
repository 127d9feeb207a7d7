package io.weft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.storage.object.ObjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileLayoutTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999, Long.MAX_VALUE})
  void anIdComesBackFromItsKey(long id) {
    assertThat(FileLayout.fileId(FileLayout.key(id))).hasValue(id);
  }

  @Test
  void keysArePaddedSoThatTheySortAsIdsDo() {
    assertThat(FileLayout.key(42)).isEqualTo(new ObjectKey("files/00000000000000000042"));
    assertThat(FileLayout.key(9)).isLessThan(FileLayout.key(10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "files/42",
        "files/0000000000000000004x",
        "files/000000000000000000042",
        "files/99999999999999999999",
        "files/-0000000000000000042",
        "other/00000000000000000042"
      })
  void anotherKeyIsNoFile(String name) {
    assertThat(FileLayout.fileId(new ObjectKey(name))).isEmpty();
  }

  @Test
  void aNegativeIdIsRefused() {
    assertThatThrownBy(() -> FileLayout.key(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
