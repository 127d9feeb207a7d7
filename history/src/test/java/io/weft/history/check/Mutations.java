package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import io.weft.history.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Makes a history of a correct log wrong in one way; empty where it has nothing to be made wrong.
final class Mutations {
  private final History history;
  private final Victims victims;
  private final Random random;
  private final Edit edit;

  private Mutations(History history, Random random) {
    this.history = history;
    this.victims = new Victims(history, random);
    this.random = random;
    this.edit = new Edit(history);
  }

  static Optional<History> plant(Kind kind, History history, long seed) {
    Mutations mutations = new Mutations(history, new Random(seed));
    boolean planted =
        switch (kind) {
          case INCONSISTENT_OFFSETS -> mutations.inconsistentOffset();
          case DUPLICATE -> mutations.duplicate();
          case ABORTED_READ -> mutations.abortedRead();
          case PHANTOM -> mutations.phantom();
          case LOST_WRITE -> mutations.lostWrite();
          case UNSEEN -> mutations.unseen();
          case OFFSET_GAP -> mutations.gap();
          case INT_POLL_SKIP -> mutations.skipWithin();
          case INT_NONMONOTONIC_POLL -> mutations.backWithin();
          case POLL_SKIP -> mutations.skipBetween();
          case NONMONOTONIC_POLL -> mutations.backBetween();
          case NONMONOTONIC_SEND -> mutations.sendsExchanged();
          case INT_NONMONOTONIC_SEND -> mutations.sendsOfOneExchanged();
          case REALTIME_ORDER -> mutations.acknowledgedExchanged();
          case PRECOMMITTED_READ -> mutations.ownRead();
          case G1C -> mutations.circle();
          case TORN_TRANSACTION,
              COMMITTED_OFFSET_BACK,
              COMMITTED_OFFSET_LOST,
              ABORTED_OFFSET,
              PHANTOM_OFFSET,
              UNPROCESSED,
              PROCESSED_TWICE,
              OUTPUT_OF_NOTHING,
              INPUT_NOT_COMMITTED ->
              new PipelineMutations(mutations.victims, mutations.edit).plant(kind);
          case FUTURE_READ -> mutations.futureRead();
          case REALTIME_LAG -> mutations.lag();
        };
    return planted ? Optional.of(mutations.edit.history()) : Optional.empty();
  }

  private boolean inconsistentOffset() {
    Optional<Victims.Run> run = victims.any(victims.finalRuns());
    Optional<Victims.Sent> other = victims.any(victims.acked());
    if (run.isEmpty() || other.isEmpty()) {
      return false;
    }
    long offset = run.get().offset(random.nextInt(run.get().run().count()));
    long value = other.get().version().value();
    if (!other.get().log().key().equals(run.get().run().key()) || other.get().offset() == offset) {
      return false;
    }
    int op = run.get().op().index();
    edit.reads(
        (in, _, read) ->
            in.index() == op && read.offset() == offset
                ? List.of(new Edit.Read(offset, value))
                : List.of(read));
    return true;
  }

  private boolean duplicate() {
    return giveAtEnd(
        victims.any(victims.acked()).map(s -> send(s.log().key(), s.version().value())));
  }

  private boolean phantom() {
    long value = random.nextBoolean() ? 1L << 50 : elsewhere();
    return giveAtEnd(Optional.of(send("topic-0", value)));
  }

  /// What was sent to another key.
  private long elsewhere() {
    return victims.acked().stream()
        .filter(sent -> !sent.log().key().equals("topic-0"))
        .findAny()
        .map(sent -> sent.version().value())
        .orElse(1L << 50);
  }

  private boolean abortedRead() {
    List<Op> failed =
        victims.ops(
            op ->
                op.outcome() == Outcome.FAIL
                    && VersionOrder.steps(op).stream().anyMatch(Action.Send.class::isInstance));
    return giveAtEnd(
        victims
            .any(failed)
            .flatMap(
                op ->
                    VersionOrder.steps(op).stream()
                        .filter(Action.Send.class::isInstance)
                        .map(Action.Send.class::cast)
                        .findAny()));
  }

  private static Action.Send send(String key, long value) {
    return new Action.Send(key, value);
  }

  private boolean giveAtEnd(Optional<Action.Send> what) {
    return what.isPresent() && edit.giveAtEnd(victims, what.get());
  }

  private boolean lostWrite() {
    List<Victims.Sent> below =
        victims.placed().stream()
            .filter(
                sent ->
                    sent.log().versions().stream()
                        .anyMatch(v -> v.isRead() && v.first() > sent.offset()))
            .toList();
    Optional<Victims.Sent> victim = victims.any(below);
    victim.ifPresent(sent -> removeFrom(sent, false));
    return victim.isPresent();
  }

  private boolean unseen() {
    Optional<Victims.Sent> victim = victims.any(victims.acked());
    victim.ifPresent(sent -> removeFrom(sent, true));
    return victim.isPresent();
  }

  /// Nobody reads it; nor what is above it, if `above`.
  private void removeFrom(Victims.Sent sent, boolean above) {
    String key = sent.log().key();
    edit.reads(
        (_, in, read) ->
            in.equals(key)
                    && (read.offset() == sent.offset() || (above && read.offset() > sent.offset()))
                ? List.of()
                : List.of(read));
  }

  private boolean gap() {
    Optional<Victims.Sent> victim =
        victims.any(
            victims.acked().stream()
                .filter(sent -> sent.log().index(sent.offset()) > 0)
                .filter(sent -> sent.log().index(sent.offset()) < sent.log().size() - 1)
                .toList());
    victim.ifPresent(
        sent -> {
          removeFrom(sent, false);
          edit.complete(sent.op(), Outcome.INFO, send(sent.log().key(), sent.version().value()));
        });
    return victim.isPresent();
  }

  private Optional<Victims.Run> longRun(int min) {
    return victims.any(
        victims.finalRuns().stream().filter(run -> run.run().count() >= min).toList());
  }

  private boolean skipWithin() {
    Optional<Victims.Run> victim = longRun(3);
    victim.ifPresent(run -> remove(run, 1 + random.nextInt(run.run().count() - 2)));
    return victim.isPresent();
  }

  private void remove(Victims.Run run, int i) {
    edit.reads(
        (op, _, read) ->
            op.index() == run.op().index() && read.offset() == run.offset(i)
                ? List.of()
                : List.of(read));
  }

  /// Two records the other way round, or one twice.
  private boolean backWithin() {
    Optional<Victims.Run> victim = longRun(2);
    victim.ifPresent(
        run -> {
          int i = random.nextInt(run.run().count() - 1);
          boolean twice = random.nextBoolean();
          long value = run.run().values()[i + 1];
          Edit.Read next = new Edit.Read(run.offset(i + 1), value);
          edit.reads(
              (op, _, read) ->
                  op.index() != run.op().index()
                      ? List.of(read)
                      : read.offset() == run.offset(i)
                          ? (twice ? List.of(read, read) : List.of(next, read))
                          : read.equals(next) && !twice ? List.of() : List.of(read));
        });
    return victim.isPresent();
  }

  /// A run that goes on where an earlier poll of the same key ended.
  private Optional<Victims.Run> laterRun() {
    List<Victims.Run> all = victims.finalRuns();
    return victims.any(
        all.stream()
            .filter(run -> run.index() > 0 && run.run().count() > 1)
            .filter(run -> all.get(run.index() - 1).run().key().equals(run.run().key()))
            .toList());
  }

  private boolean skipBetween() {
    Optional<Victims.Run> victim = laterRun();
    victim.ifPresent(run -> remove(run, 0));
    return victim.isPresent();
  }

  private boolean backBetween() {
    Optional<Victims.Run> victim = laterRun();
    victim.ifPresent(
        run -> {
          Action.Run before = victims.finalRuns().get(run.index() - 1).run();
          int last = before.count() - 1;
          Edit.Read again = new Edit.Read(before.offsets()[last], before.values()[last]);
          edit.reads(
              (op, _, read) ->
                  op.index() == run.op().index() && read.offset() == run.offset(0)
                      ? List.of(again, read)
                      : List.of(read));
        });
    return victim.isPresent();
  }

  private boolean sendsExchanged() {
    return exchanged(
        victims.pair(
            victims.placed(),
            (one, other) ->
                one.op().process() == other.op().process()
                    && one.op().index() < other.op().index()
                    && isAlone(one)
                    && isAlone(other)));
  }

  /// Otherwise others of its operation may hide what was exchanged.
  private static boolean isAlone(Victims.Sent sent) {
    return VersionOrder.steps(sent.op()).stream()
            .filter(step -> step instanceof Action.Send send && send.key().equals(sent.log().key()))
            .count()
        == 1;
  }

  private boolean sendsOfOneExchanged() {
    return exchanged(
        victims.pair(victims.placed(), (one, other) -> one.op().index() == other.op().index()));
  }

  private boolean acknowledgedExchanged() {
    return exchanged(
        victims.pair(
            victims.placed(),
            (one, other) -> one.op().completedNanos() < other.op().invokedNanos()));
  }

  private boolean exchanged(Optional<List<Victims.Sent>> pair) {
    pair.ifPresent(
        two ->
            edit.exchange(
                two.getFirst().log().key(), two.getFirst().offset(), two.getLast().offset()));
    return pair.isPresent();
  }

  private List<Victims.Sent> inTransactions() {
    return victims.placed().stream()
        .filter(sent -> sent.op().action() instanceof Action.Transaction)
        .toList();
  }

  private boolean ownRead() {
    Optional<Victims.Sent> victim = victims.any(inTransactions());
    victim.ifPresent(sent -> giveTo(sent.op(), sent));
    return victim.isPresent();
  }

  private boolean circle() {
    Optional<Victims.Sent> one = victims.any(inTransactions());
    Optional<Victims.Sent> other = victims.any(inTransactions());
    if (one.isEmpty() || one.get().op().index() == other.get().op().index()) {
      return false;
    }
    giveTo(one.get().op(), other.get());
    giveTo(other.get().op(), one.get());
    return true;
  }

  private void giveTo(Op op, Victims.Sent sent) {
    edit.give(op, sent.log().key(), sent.offset(), sent.version().value());
  }

  private boolean futureRead() {
    Optional<Victims.Sent> victim = victims.any(victims.acked());
    Optional<Op> poll =
        victim.flatMap(
            sent ->
                victims.any(
                    victims.ops(
                        op ->
                            op.action() instanceof Action.Poll
                                && op.completedNanos() < sent.op().invokedNanos())));
    poll.ifPresent(op -> giveTo(op, victim.get()));
    return poll.isPresent();
  }

  /// The last reader misses what it was given last of a key, and polls once more, long after.
  private boolean lag() {
    Optional<Victims.Sent> victim = victims.any(victims.placed());
    victim.ifPresent(
        sent -> {
          int last = history.ops().getLast().process();
          edit.reads(
              (op, key, read) ->
                  op.process() == last
                          && key.equals(sent.log().key())
                          && read.offset() >= sent.offset()
                      ? List.of()
                      : List.of(read));
          long nanos = history.ops().getLast().completedNanos() + CheckerProperties.LAG_NANOS;
          edit.append(
              new Op(history.ops().size(), last, Outcome.OK, nanos, nanos + 1, new Action.Poll()));
        });
    return victim.isPresent();
  }
}
