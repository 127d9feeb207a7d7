package io.weft.controlplane.command;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// The bytes of commands and of their replies. Stateless.
///
///     command = version:byte kind:byte argument*
///     reply   = version:byte kind:byte reply         the kind is the command's
///
/// Arguments and replies are written by the form of their types ([io.weft.controlplane.codec.shape]),
/// but for some that [Questions] gives shapes of their own. Each message has a version of its own.
///
/// Reading throws [MalformedBytesException] and nothing else, allocates in proportion to the bytes
/// at hand, and refuses lists over the limits of the api. It leaves bytes behind the value alone: a
/// caller that expects none calls [WireReader#finish()].
public final class CommandCodec {
  private CommandCodec() {}

  /// @param level that the reader knows
  public static void writeCommand(Command<?> command, int level, WireWriter out) {
    Message<Object[]> message = command.question().arguments();
    message.writeVersion(level, out);
    out.writeByte(command.question().kind());
    message.writeBody(command.argumentArray(), level, out);
  }

  public static Command<?> readCommand(WireReader in) {
    return readCommand(in, Levels.KNOWN);
  }

  /// Reads as a release does that knows levels up to this one.
  public static Command<?> readCommand(WireReader in, int known) {
    byte version = in.readByte();
    byte kind = in.readByte();
    QuestionType<?> question =
        Questions.all()
            .ofKind(kind)
            .filter(it -> it.since() <= known)
            .orElseThrow(() -> new MalformedBytesException("unknown kind of command " + kind));
    return new Command<>(question, question.arguments().readBody(version, known, in));
  }

  /// @param level that the reader knows
  public static <R> void writeReply(Command<R> command, R reply, int level, WireWriter out) {
    QuestionType<R> question = command.question();
    try {
      question.checkFits(command.arguments(), reply);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("no reply to its question", e);
    }
    question.reply().writeVersion(level, out);
    out.writeByte(question.kind());
    question.reply().writeBody(reply, level, out);
  }

  public static <R> R readReply(Command<R> command, WireReader in) {
    QuestionType<R> question = command.question();
    byte version = in.readByte();
    int kind = in.readByte();
    if (kind != question.kind()) {
      throw new MalformedBytesException(
          "a reply of kind %d to a command of kind %d".formatted(kind, question.kind()));
    }
    R reply = question.reply().readBody(version, Levels.KNOWN, in);
    try {
      question.checkFits(command.arguments(), reply);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException(e.getMessage());
    }
    return reply;
  }
}
