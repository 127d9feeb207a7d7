package io.weft.history;

import io.weft.history.Action.Run;
import java.util.ArrayList;
import java.util.List;

/// An event as one line of JSON, without spaces and with its members in this order:
///
/// ```
/// Line    => {"op":INT,"process":INT,"type":"invoke","nanos":LONG,Action}
///          | {"op":INT,"type":"ok"|"fail"|"info","nanos":LONG,Action}
/// Action  => "f":"send","mops":[Send]   | "f":"poll","mops":[Poll] | "f":"txn","mops":[(Send|Poll|Commit),…]
///          | "f":"commit","mops":[Commit]
///          | "f":"committed","group":Key,"places":[[Key,Offset],…]
///          | "f":"assign","keys":[Key,…] | "f":"subscribe" | "f":"crash" | "f":"fault","name":Key
/// Send    => ["send",Key,Offset,LONG]
/// Poll    => ["poll",[Run,…],[Key,…]]            the second list: rebalanced
/// Commit  => ["commit",Key,Key,Offset]           the group, then where
/// Run     => [Key,[Offset,…],[LONG,…]]           as many offsets as values, at least one
/// Key     => "(letters, digits, . _ -){1,300}"
/// ```
///
/// Nothing else is read: no other order, no spaces, no escapes.
final class EventLine {
  /// A poll of a hundred thousand records has about three million.
  static final int CHARS_MAX = 64 << 20;

  private EventLine() {}

  static String format(Event event) {
    StringBuilder out = new StringBuilder(128).append("{\"op\":").append(event.op());
    switch (event) {
      case Event.Invocation invocation ->
          out.append(",\"process\":").append(invocation.process()).append(",\"type\":\"invoke");
      case Event.Completion completion ->
          out.append(",\"type\":\"").append(type(completion.outcome()));
    }
    out.append("\",\"nanos\":").append(event.nanos()).append(",\"f\":\"");
    format(out, event.action());
    return out.append('}').toString();
  }

  /// @throws IllegalArgumentException if it is no such line, with the place where it is not
  static Event parse(String line) {
    LineScanner in = new LineScanner(line);
    in.expect("{\"op\":");
    int op = in.integer();
    boolean invoked = in.skip(",\"process\":");
    int process = invoked ? in.integer() : 0;
    in.expect(",\"type\":");
    String type = in.word();
    in.expect(",\"nanos\":");
    long nanos = in.number();
    in.expect(",\"f\":");
    Action action = action(in);
    in.expect("}");
    in.end();
    if (invoked) {
      in.check(type.equals("invoke"), "invoke");
      return new Event.Invocation(op, process, nanos, action);
    }
    return new Event.Completion(op, outcome(type), nanos, action);
  }

  private static String type(Outcome outcome) {
    return switch (outcome) {
      case OK -> "ok";
      case FAIL -> "fail";
      case INFO -> "info";
    };
  }

  private static Outcome outcome(String type) {
    for (Outcome outcome : Outcome.values()) {
      if (type(outcome).equals(type)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("no outcome: " + type);
  }

  private static void format(StringBuilder out, Action action) {
    switch (action) {
      case Action.Send send -> steps(out.append("send"), List.of(send));
      case Action.Poll poll -> steps(out.append("poll"), List.of(poll));
      case Action.Commit commit -> steps(out.append("commit"), List.of(commit));
      case Action.Transaction(List<Action.Step> steps) -> steps(out.append("txn"), steps);
      case Action.Committed(String group, List<Action.Place> places) -> {
        key(out.append("committed\",\"group\":"), group);
        places(out.append(",\"places\":"), places);
      }
      case Action.Assign(List<String> keys) -> keys(out.append("assign\",\"keys\":"), keys);
      case Action.Subscribe _ -> out.append("subscribe\"");
      case Action.Crash _ -> out.append("crash\"");
      case Action.Fault(String name) -> key(out.append("fault\",\"name\":"), name);
    }
  }

  private static void steps(StringBuilder out, List<? extends Action.Step> steps) {
    out.append("\",\"mops\":[");
    for (int i = 0; i < steps.size(); i++) {
      out.append(i == 0 ? "" : ",");
      switch (steps.get(i)) {
        case Action.Send(String key, long offset, long value) -> {
          key(out.append("[\"send\","), key);
          out.append(',').append(offset).append(',').append(value).append(']');
        }
        case Action.Poll(List<Run> runs, List<String> rebalanced) -> {
          out.append("[\"poll\",[");
          for (int j = 0; j < runs.size(); j++) {
            key(out.append(j == 0 ? "[" : ",["), runs.get(j).key());
            numbers(out.append(','), runs.get(j).offsets());
            numbers(out.append(','), runs.get(j).values());
            out.append(']');
          }
          keys(out.append("],"), rebalanced);
          out.append(']');
        }
        case Action.Commit(String group, String key, long offset) -> {
          key(out.append("[\"commit\","), group);
          key(out.append(','), key);
          out.append(',').append(offset).append(']');
        }
      }
    }
    out.append(']');
  }

  private static void places(StringBuilder out, List<Action.Place> places) {
    out.append('[');
    for (int i = 0; i < places.size(); i++) {
      key(out.append(i == 0 ? "[" : ",["), places.get(i).key());
      out.append(',').append(places.get(i).offset()).append(']');
    }
    out.append(']');
  }

  private static void numbers(StringBuilder out, long[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      out.append(i == 0 ? '[' : ',').append(numbers[i]);
    }
    out.append(']');
  }

  private static void keys(StringBuilder out, List<String> keys) {
    out.append('[');
    for (int i = 0; i < keys.size(); i++) {
      key(out.append(i == 0 ? "" : ","), keys.get(i));
    }
    out.append(']');
  }

  private static void key(StringBuilder out, String key) {
    LineScanner.checkWord(key);
    out.append('"').append(key).append('"');
  }

  private static Action action(LineScanner in) {
    String f = in.word();
    return switch (f) {
      case "send", "poll", "commit" -> {
        List<Action.Step> steps = steps(in);
        in.check(steps.size() == 1, "one step");
        in.check(name(steps.getFirst()).equals(f), f);
        yield steps.getFirst();
      }
      case "txn" -> new Action.Transaction(steps(in));
      case "assign" -> {
        in.expect(",\"keys\":");
        yield new Action.Assign(keys(in));
      }
      case "committed" -> {
        in.expect(",\"group\":");
        String group = in.word();
        in.expect(",\"places\":");
        yield new Action.Committed(group, in.list(EventLine::place));
      }
      case "subscribe" -> new Action.Subscribe();
      case "crash" -> new Action.Crash();
      case "fault" -> {
        in.expect(",\"name\":");
        yield new Action.Fault(in.word());
      }
      default -> throw new IllegalArgumentException("no action: " + f);
    };
  }

  private static List<Action.Step> steps(LineScanner in) {
    in.expect(",\"mops\":");
    return in.list(EventLine::step);
  }

  private static Action.Step step(LineScanner in) {
    in.expect("[");
    String name = in.word();
    in.expect(",");
    Action.Step step =
        switch (name) {
          case "send" -> send(in);
          case "commit" -> commit(in);
          case "poll" -> {
            List<Run> runs = in.list(EventLine::run);
            in.expect(",");
            yield new Action.Poll(runs, keys(in));
          }
          default -> throw new IllegalArgumentException("no step: " + name);
        };
    in.expect("]");
    return step;
  }

  private static Action.Step send(LineScanner in) {
    String key = in.word();
    in.expect(",");
    long offset = in.number();
    in.expect(",");
    return new Action.Send(key, offset, in.number());
  }

  private static Action.Step commit(LineScanner in) {
    String group = in.word();
    in.expect(",");
    String key = in.word();
    in.expect(",");
    return new Action.Commit(group, key, in.number());
  }

  private static String name(Action.Step step) {
    return switch (step) {
      case Action.Send _ -> "send";
      case Action.Poll _ -> "poll";
      case Action.Commit _ -> "commit";
    };
  }

  private static Action.Place place(LineScanner in) {
    in.expect("[");
    String key = in.word();
    in.expect(",");
    Action.Place place = new Action.Place(key, in.number());
    in.expect("]");
    return place;
  }

  private static Run run(LineScanner in) {
    in.expect("[");
    String key = in.word();
    in.expect(",");
    long[] offsets = in.numbers();
    in.expect(",");
    Run run = new Run(key, offsets, in.numbers());
    in.expect("]");
    return run;
  }

  private static List<String> keys(LineScanner in) {
    return new ArrayList<>(in.list(LineScanner::word));
  }
}
