package io.weft.controlplane.state.agent;

import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.Invariant;
import io.weft.model.OpaqueBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/// The keys that agents sign with what they ask of each other: the newest and the ones before it.
/// Owned by one thread.
///
/// Agents sign with the newest but one (with the only one while there is one) and take all that
/// they know: one that has not heard of the newest key yet asks, and is asked, as before.
public final class NeighbourKeys implements StatePart {
  /// How old the newest key gets. One that an agent has heard of is taken for three times as long.
  public static final long KEY_MS_MAX = 3_600_000;

  static final int SECRET_BYTES = 32;

  /// From this level on there are keys.
  private static final int KEYS_LEVEL = 2;

  private static final Shape<Table> TABLE = Shapes.unlimited().of(Table.class);

  /// As it stands in a snapshot of level 2 or more.
  public record Table(@AtMost(Membership.NEIGHBOUR_KEYS_MAX) List<NeighbourKeyMade> keys) {}

  private final CurrentStep step;
  private final IntSupplier level;
  private final List<NeighbourKeyMade> made = new ArrayList<>();

  /// @param level the one that is final
  public NeighbourKeys(CurrentStep step, IntSupplier level) {
    this.step = step;
    this.level = level;
  }

  /// The oldest first.
  public List<NeighbourKey> valid() {
    return made.stream().map(each -> new NeighbourKey(each.number(), each.secret())).toList();
  }

  /// Makes a key if there is none, or the newest one is old. No effect before level 2 is final.
  ///
  /// @param secrets gives so many bytes that cannot be guessed
  public void renew(IntFunction<byte[]> secrets) {
    long nowMs = step.nowMs();
    if (level.getAsInt() < KEYS_LEVEL
        || (!made.isEmpty() && nowMs - made.getLast().timeMs() < KEY_MS_MAX)) {
      return;
    }
    int number = made.isEmpty() ? 1 : Math.addExact(made.getLast().number(), 1);
    step.make(new NeighbourKeyMade(number, OpaqueBytes.of(secrets.apply(SECRET_BYTES)), nowMs));
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    NeighbourKeyMade key = (NeighbourKeyMade) record;
    Invariant.check(
        made.isEmpty() || key.number() > made.getLast().number(),
        "key %d of neighbours was made before",
        key.number());
    made.add(key);
    if (made.size() > Membership.NEIGHBOUR_KEYS_MAX) {
      made.removeFirst();
    }
  }

  @Override
  public void write(WireWriter out) {
    if (out.level() >= KEYS_LEVEL) {
      TABLE.write(new Table(List.copyOf(made)), out);
    }
  }

  @Override
  public void read(WireReader in) {
    if (in.level() >= KEYS_LEVEL) {
      made.addAll(TABLE.read(in).keys());
    }
  }
}
