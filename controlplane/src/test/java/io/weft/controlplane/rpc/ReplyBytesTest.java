package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import org.junit.jupiter.api.Test;

class ReplyBytesTest {
  @Test
  void repliesThatNobodyTakesHaveALimit() {
    ReplyBytes replies = new ReplyBytes(100);
    Context.CancellableContext first = Context.ROOT.withCancellation();
    Context.CancellableContext second = Context.ROOT.withCancellation();
    replies.send(60, first);
    assertThatThrownBy(() -> replies.send(41, second))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("60 bytes");
    replies.send(40, second);
    first.cancel(null);
    assertThat(replies.onTheirWay()).isEqualTo(40);
    second.cancel(null);
    replies.send(101, Context.ROOT.withCancellation());
    assertThat(replies.onTheirWay()).isEqualTo(101);
  }

  @Test
  void aCallThatIsGoneAlreadyOwesNothing() {
    ReplyBytes replies = new ReplyBytes(100);
    Context.CancellableContext gone = Context.ROOT.withCancellation();
    gone.cancel(null);
    replies.send(60, gone);
    assertThat(replies.onTheirWay()).isZero();
  }

  @Test
  void asManyAsTheHeapAllows() {
    int largest = 64 << 20;
    assertThat(ReplyBytes.max(largest, 32L << 30)).isEqualTo(512L << 20);
    assertThat(ReplyBytes.max(largest, 1L << 30)).isEqualTo(128L << 20);
    assertThat(ReplyBytes.max(largest, 256L << 20)).isEqualTo(largest);
  }
}
