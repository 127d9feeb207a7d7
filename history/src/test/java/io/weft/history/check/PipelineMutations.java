package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.Op;
import io.weft.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The part of [Mutations] that is about transactions as a whole, and about groups' offsets.
final class PipelineMutations {
  private static final int ATTEMPT = 200_000;

  private final Victims victims;
  private final Random random;
  private final Edit edit;

  PipelineMutations(Victims victims, Edit edit) {
    this.victims = victims;
    this.random = victims.random();
    this.edit = edit;
  }

  boolean plant(Kind kind) {
    return switch (kind) {
      case TORN_TRANSACTION -> torn();
      case COMMITTED_OFFSET_BACK -> back();
      case COMMITTED_OFFSET_LOST -> lost();
      case ABORTED_OFFSET -> aborted();
      case PHANTOM_OFFSET -> phantom();
      case UNPROCESSED -> unprocessed();
      case PROCESSED_TWICE -> processedTwice();
      case OUTPUT_OF_NOTHING -> outputOfNothing();
      case INPUT_NOT_COMMITTED -> notCommitted();
      default -> throw new IllegalArgumentException("not planted here: " + kind);
    };
  }

  /// One of at least two values of a transaction is read by nobody.
  private boolean torn() {
    List<Victims.Sent> acked = victims.acked();
    List<Victims.Sent> several =
        acked.stream()
            .filter(sent -> acked.stream().filter(s -> s.op().equals(sent.op())).count() > 1)
            .toList();
    Optional<Victims.Sent> victim = victims.any(several);
    victim.ifPresent(
        sent ->
            edit.reads(
                (_, key, read) ->
                    key.equals(sent.log().key()) && read.value() == sent.version().value()
                        ? List.of()
                        : List.of(read)));
    return victim.isPresent();
  }

  /// One place of one answer to somebody who asked.
  private record Answer(Op op, int index) {
    Action.Committed action() {
      return (Action.Committed) op.action();
    }

    Action.Place place() {
      return action().places().get(index);
    }
  }

  private List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    for (Op op : victims.ops(op -> op.isOk() && op.action() instanceof Action.Committed)) {
      for (int i = 0; i < ((Action.Committed) op.action()).places().size(); i++) {
        Answer answer = new Answer(op, i);
        if (answer.place().offset() != Action.UNKNOWN) {
          answers.add(answer);
        }
      }
    }
    return answers;
  }

  private void answer(Answer answer, long offset) {
    List<Action.Place> places = new ArrayList<>(answer.action().places());
    places.set(answer.index(), new Action.Place(answer.place().key(), offset));
    edit.complete(answer.op(), Outcome.OK, new Action.Committed(answer.action().group(), places));
  }

  /// A later answer is nothing, or an earlier one's.
  private boolean back() {
    List<Answer> answers = answers();
    Optional<Answer> victim =
        victims.any(
            answers.stream()
                .filter(later -> answers.stream().anyMatch(earlier -> isBefore(earlier, later)))
                .toList());
    victim.ifPresent(
        later -> {
          List<Long> lower =
              answers.stream()
                  .filter(earlier -> isBefore(earlier, later))
                  .map(earlier -> earlier.place().offset())
                  .filter(offset -> offset < highestBefore(answers, later))
                  .toList();
          answer(later, random.nextBoolean() ? victims.any(lower).orElse(-1L) : Action.UNKNOWN);
        });
    return victim.isPresent();
  }

  private static long highestBefore(List<Answer> answers, Answer later) {
    return answers.stream()
        .filter(earlier -> isBefore(earlier, later))
        .mapToLong(earlier -> earlier.place().offset())
        .max()
        .orElse(Action.UNKNOWN);
  }

  private static boolean isBefore(Answer earlier, Answer later) {
    return earlier.place().key().equals(later.place().key())
        && earlier.op().completedNanos() < later.op().invokedNanos();
  }

  /// A commit that was acknowledged.
  private record CommittedOp(Op op, Action.Commit commit) {}

  private List<CommittedOp> committed() {
    List<CommittedOp> committed = new ArrayList<>();
    for (Op op : victims.ops(Op::isOk)) {
      for (Action.Step step : VersionOrder.steps(op)) {
        if (step instanceof Action.Commit commit) {
          committed.add(new CommittedOp(op, commit));
        }
      }
    }
    return committed;
  }

  private boolean lost() {
    List<Answer> answers = answers();
    Optional<CommittedOp> victim = victims.any(committed());
    List<Answer> after =
        victim.stream()
            .flatMap(
                committed ->
                    answers.stream()
                        .filter(answer -> answer.place().key().equals(committed.commit().key()))
                        .filter(
                            answer -> answer.op().invokedNanos() > committed.op().completedNanos()))
            .toList();
    after.forEach(answer -> answer(answer, Action.UNKNOWN));
    return !after.isEmpty();
  }

  /// Those who committed what was seen turn out to have been aborted.
  private boolean aborted() {
    Optional<Answer> victim = victims.any(answers());
    victim.ifPresent(
        answer ->
            victims
                .ops(op -> says(op, answer.place()))
                .forEach(op -> edit.complete(op, Outcome.FAIL, op.action())));
    return victim.isPresent();
  }

  private static boolean says(Op op, Action.Place place) {
    return VersionOrder.steps(op).stream()
        .anyMatch(
            step ->
                step instanceof Action.Commit commit
                    && commit.key().equals(place.key())
                    && commit.offset() == place.offset());
  }

  private boolean phantom() {
    Optional<Answer> victim = victims.any(answers());
    victim.ifPresent(answer -> answer(answer, answer.place().offset() + 1_000_000));
    return victim.isPresent();
  }

  private List<Victims.Sent> outputs() {
    return victims.acked().stream()
        .filter(sent -> sent.log().key().startsWith(ModelPipeline.OUTPUTS))
        .toList();
  }

  /// An output that was never made.
  private boolean unprocessed() {
    Optional<Victims.Sent> victim = victims.any(outputs());
    victim.ifPresent(
        sent -> {
          long value = sent.version().value();
          edit.reads(
              (_, key, read) ->
                  key.equals(sent.log().key()) && read.value() == value
                      ? List.of()
                      : List.of(read));
          List<Action.Step> steps = new ArrayList<>(VersionOrder.steps(sent.op()));
          steps.removeIf(
              step ->
                  step instanceof Action.Send send
                      && send.key().equals(sent.log().key())
                      && send.value() == value);
          edit.complete(sent.op(), sent.op().outcome(), new Action.Transaction(steps));
        });
    return victim.isPresent();
  }

  /// One more transaction makes an output again of an input that has one.
  private boolean processedTwice() {
    Optional<Victims.Sent> victim = victims.any(outputs());
    return victim.isPresent()
        && make(victim.get().log().key(), victim.get().version().value() & ((1L << 44) - 1));
  }

  private boolean outputOfNothing() {
    return make(ModelPipeline.OUTPUTS + random.nextInt(2), (1L << 43) + random.nextInt(1_000));
  }

  private boolean make(String key, long input) {
    Action.Send send = new Action.Send(key, Pipeline.output(ATTEMPT, input));
    Op last = edit.last();
    edit.append(
        new Op(
            last.index() + 1,
            last.process() + 1,
            Outcome.INFO,
            last.invokedNanos(),
            last.completedNanos(),
            new Action.Transaction(List.of(send))));
    return edit.giveAtEnd(victims, send);
  }

  /// The last answer is not what was committed last.
  private boolean notCommitted() {
    List<Answer> answers = answers();
    int last = answers.isEmpty() ? Version.NOBODY : answers.getLast().op().index();
    Optional<Answer> victim =
        victims.any(answers.stream().filter(answer -> answer.op().index() == last).toList());
    victim.ifPresent(answer -> answer(answer, answer.place().offset() - 1));
    return victim.isPresent();
  }
}
