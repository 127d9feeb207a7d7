package io.weft.server.process;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A breakpoint in a process under test: the one thread that comes to a method stays there until it
/// is let go, and all others go on. So what a method does takes as long as a test likes, on any
/// machine. Owned by one thread.
public final class Breakpoint implements AutoCloseable {
  /// For the JVM of a process to be looked into.
  public static final String JVM_OPTION =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

  private static final Pattern LISTENS =
      Pattern.compile("Listening for transport dt_socket at address: (\\d+)");

  /// For the JVM to answer the debugger. Nothing but its end, or its answer, ends such a wait.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(1);

  private final ChildProcess process;
  private final VirtualMachine machine;
  private Optional<ThreadReference> thread = Optional.empty();

  private Breakpoint(ChildProcess process, VirtualMachine machine) {
    this.process = process;
    this.machine = machine;
  }

  /// A thread that comes to the method from now on is held at its beginning.
  ///
  /// @param process was started with [#JVM_OPTION], and has loaded the class
  public static Breakpoint at(ChildProcess process, String className, String method)
      throws Exception {
    Matcher listens =
        LISTENS.matcher(
            process.awaitLine(
                "where it listens for a debugger", line -> LISTENS.matcher(line).find()));
    if (!listens.find()) {
      throw new IllegalStateException("no port");
    }
    return within(process, () -> attached(process, listens.group(1), className, method));
  }

  private static Breakpoint attached(
      ChildProcess process, String port, String className, String method) throws Exception {
    AttachingConnector connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(port);
    arguments.get("timeout").setValue(Long.toString(ANSWER_MAX.toMillis()));
    VirtualMachine machine = connector.attach(arguments);
    for (ReferenceType type : machine.classesByName(className)) {
      for (Method each : type.methodsByName(method)) {
        BreakpointRequest request =
            machine.eventRequestManager().createBreakpointRequest(each.location());
        request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        request.enable();
      }
    }
    if (machine.eventRequestManager().breakpointRequests().isEmpty()) {
      machine.dispose();
      throw new IllegalStateException("no such method loaded: " + className + "." + method);
    }
    return new Breakpoint(process, machine);
  }

  private interface Step<T, E extends Exception> {
    T take() throws E;
  }

  /// Takes a step that asks the JVM something, and ends the process if it does not answer.
  private static <T, E extends Exception> T within(ChildProcess process, Step<T, E> step) throws E {
    CountDownLatch answered = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> killUnless(answered, process));
    try {
      return step.take();
    } catch (VMDisconnectedException e) {
      throw new IllegalStateException(
          "the process has ended, or gave the debugger no answer within %s and was killed:%n%s"
              .formatted(ANSWER_MAX, process.output()),
          e);
    } finally {
      answered.countDown();
    }
  }

  private static void killUnless(CountDownLatch answered, ChildProcess process) {
    try {
      if (!answered.await(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        process.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for somebody to come there.
  ///
  /// @return whether somebody is held, after at most so long
  public boolean holds(long withinMs) throws InterruptedException {
    if (thread.isPresent()) {
      return true;
    }
    EventSet events = machine.eventQueue().remove(withinMs);
    if (events != null) {
      for (Event event : events) {
        if (event instanceof BreakpointEvent reached) {
          thread = Optional.of(reached.thread());
        }
      }
      if (thread.isEmpty()) {
        boolean _ = within(process, () -> resume(events));
      }
    }
    return thread.isPresent();
  }

  private static boolean resume(EventSet events) {
    events.resume();
    return true;
  }

  private boolean dispose() {
    try {
      machine.dispose();
    } catch (VMDisconnectedException e) {
      // The process has ended.
    }
    return true;
  }

  /// Lets all threads go, those that are held and those that come later.
  @Override
  public void close() {
    boolean _ = within(process, this::dispose);
  }
}
