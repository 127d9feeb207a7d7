package io.weft.controlplane.command;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.question.Answers;
import io.weft.controlplane.codec.Levels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One question to the control plane: a method of the api, and its arguments. Immutable, as far as
/// these are.
///
/// @param <R> the type of its reply
public final class Command<R> {
  private final QuestionType<R> question;
  private final Object[] arguments;
  private final int askerLevel;

  /// @param arguments the command's own from now on
  Command(QuestionType<R> question, Object[] arguments) {
    this(question, arguments, Levels.KNOWN);
  }

  private Command(QuestionType<R> question, Object[] arguments, int askerLevel) {
    this.question = question;
    this.arguments = arguments;
    this.askerLevel = askerLevel;
  }

  /// The same, asked by a process that knows levels up to this one.
  public Command<R> askedAt(int level) {
    return new Command<>(question, arguments, level);
  }

  /// The highest level that the asker knows; this release's, if it asks in the same process.
  public int askerLevel() {
    return askerLevel;
  }

  /// The command that a call is: `Command.of(TopicCatalog.class, it -> it.delete(topic))`.
  ///
  /// @param call asks one question; the answer that it gets is a placeholder
  public static <A, R> Command<R> of(Class<A> asker, Function<? super A, R> call) {
    Recorder recorder = new Recorder();
    var _ = call.apply(recorder.as(asker));
    @SuppressWarnings("unchecked") // The reply has the type of the method's result.
    Command<R> asked = (Command<R>) recorder.asked;
    return asked;
  }

  public QuestionType<R> question() {
    return question;
  }

  public List<Object> arguments() {
    return Arrays.asList(arguments);
  }

  /// Asks an object that can answer directly.
  public R askOf(Answers answering) {
    return question.ask(answering.as(question.asker()), arguments);
  }

  /// Asks an object that answers the questions of one caller's interface.
  ///
  /// @return empty if the command asks something else
  public <A> Optional<R> askOf(Class<A> asker, A answering) {
    return question.asker() == asker
        ? Optional.ofNullable(question.ask(answering, arguments))
        : Optional.empty();
  }

  /// What it asks of the group coordinator, if that is what it does. Such a command says how long
  /// its caller waits, and is never repeated: it may have happened, and only the client knows
  /// whether to say it again. All others may be repeated as they are.
  public Optional<GroupRequest> coordination() {
    return question.isRepeatable() ? Optional.empty() : Optional.of((GroupRequest) arguments[0]);
  }

  /// About how many bytes of memory it takes.
  public long weight() {
    return question.arguments().weight(arguments);
  }

  Object[] argumentArray() {
    return arguments;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Command<?> that
        && question == that.question
        && Arrays.equals(arguments, that.arguments);
  }

  @Override
  public int hashCode() {
    return 31 * question.kind() + Arrays.hashCode(arguments);
  }

  @Override
  public String toString() {
    return question + Arrays.toString(arguments);
  }

  /// Keeps what it is asked.
  private static final class Recorder implements CommandPort {
    private Command<?> asked;

    @Override
    public <R> R ask(Command<R> command) {
      asked = command;
      return command.question().nothing();
    }

    @Override
    public CommitFeed feed() {
      throw new IllegalStateException("a feed is no command");
    }

    @Override
    public void close() {}
  }
}
