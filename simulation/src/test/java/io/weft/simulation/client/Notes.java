package io.weft.simulation.client;

import com.google.errorprone.annotations.FormatMethod;
import io.weft.history.Recorder;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/// What the clients of one world know together: the history, the highest offsets that were
/// acknowledged, and what no history tells but should not be. Used by the threads of one world.
public final class Notes {
  private final SimulatedWorld world;
  private final Recorder recorder;
  private final Map<String, Long> acked = new TreeMap<>();
  private final List<String> complaints = new ArrayList<>();
  private int processes;
  private long values;
  private long acks;
  private int attempts;

  public Notes(SimulatedWorld world, Recorder recorder) {
    this.world = world;
    this.recorder = recorder;
  }

  public Recorder recorder() {
    return recorder;
  }

  /// A number for a client that nobody has.
  public int process() {
    return processes++;
  }

  /// A value nobody has sent.
  public long value() {
    return values++;
  }

  /// A number for an attempt to make outputs that nobody has.
  int attempt() {
    return attempts++;
  }

  public void acked(TopicPartition partition, long offset) {
    acks++;
    world.note(offset);
    acked.merge(partition.toString(), offset, Math::max);
  }

  /// The highest offset that was acknowledged, or -1.
  public long highestAcked(TopicPartition partition) {
    return acked.getOrDefault(partition.toString(), -1L);
  }

  public long acks() {
    return acks;
  }

  @FormatMethod
  public void complain(String what, Object... details) {
    complaints.add("after %d ms: %s".formatted(world.nowMs(), what.formatted(details)));
  }

  public List<String> complaints() {
    return complaints;
  }

  /// Makes what a client saw part of what two runs are compared by.
  public void saw(long what) {
    world.note(what);
  }
}
