package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Of each input that was read exactly one output was read, and of nothing else; and the group has
/// come to the end of its input.
///
/// To be asked for only where all was read to its end once all was written.
final class PipelineCheck {
  private final Pipeline pipeline;
  private final VersionOrder order;
  private final Findings findings;

  /// An output and where it lies.
  private record Made(KeyLog log, Version version) {}

  private final Map<Long, Made> outputs = new HashMap<>();

  private PipelineCheck(Pipeline pipeline, VersionOrder order, Findings findings) {
    this.pipeline = pipeline;
    this.order = order;
    this.findings = findings;
  }

  static void check(History history, VersionOrder order, Findings findings) {
    for (Pipeline pipeline : findings.expectations().pipelines()) {
      PipelineCheck check = new PipelineCheck(pipeline, order, findings);
      check.takeOutputs();
      check.compareInputs();
      check.compareOffsets(history);
    }
  }

  private void takeOutputs() {
    for (KeyLog log : order.keys()) {
      if (pipeline.isOutput(log)) {
        for (Version version : log.versions()) {
          if (version.isRead()) {
            take(log, version);
          }
        }
      }
    }
  }

  private void take(KeyLog log, Version version) {
    long input = pipeline.inputOf().applyAsLong(version.value());
    Made first = outputs.putIfAbsent(input, new Made(log, version));
    if (first != null) {
      findings.add(
          Kind.PROCESSED_TWICE,
          log,
          List.of(version.first()),
          List.of(first.version().reader(), version.reader()),
          "the output %d of input %d lies at offset %d, and %d at %s %d"
              .formatted(
                  version.value(),
                  input,
                  version.first(),
                  first.version().value(),
                  first.log().key(),
                  first.version().first()));
    }
  }

  private void compareInputs() {
    Map<Long, Made> left = new HashMap<>(outputs);
    for (KeyLog log : order.keys()) {
      if (pipeline.isInput(log)) {
        for (Version version : log.versions()) {
          if (version.isRead() && left.remove(version.value()) == null) {
            findings.add(
                Kind.UNPROCESSED,
                log,
                List.of(version.first()),
                List.of(version.reader()),
                "no output of the input %d at offset %d was read"
                    .formatted(version.value(), version.first()));
          }
        }
      }
    }
    left.forEach(
        (input, made) ->
            findings.add(
                Kind.OUTPUT_OF_NOTHING,
                made.log(),
                List.of(made.version().first()),
                List.of(made.version().reader()),
                "the output %d at offset %d is of input %d, which nobody read"
                    .formatted(made.version().value(), made.version().first(), input)));
  }

  /// What was said last is behind the last input.
  private void compareOffsets(History history) {
    Map<String, Action.Place> lasts = new HashMap<>();
    int asked = Version.NOBODY;
    for (Op op : history.ops()) {
      if (op.isOk()
          && op.action() instanceof Action.Committed(String group, List<Action.Place> places)
          && group.equals(pipeline.group())) {
        asked = op.index();
        places.forEach(place -> lasts.put(place.key(), place));
      }
    }
    for (KeyLog log : order.keys()) {
      if (pipeline.isInput(log) && log.size() > 0) {
        long end = log.offset(log.size() - 1);
        Action.Place last = lasts.get(log.key());
        if (last == null || last.offset() <= end) {
          findings.add(
              Kind.INPUT_NOT_COMMITTED,
              log,
              List.of(end),
              asked == Version.NOBODY ? List.of() : List.of(asked),
              "the group %s is at %s at last, and input lies at %d"
                  .formatted(pipeline.group(), last == null ? "no offset" : last.offset(), end));
        }
      }
    }
  }
}
