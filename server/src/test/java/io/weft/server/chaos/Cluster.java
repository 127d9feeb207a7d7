package io.weft.server.chaos;

import io.weft.server.process.ChildProcess;
import io.weft.server.process.WeftProcess;
import io.weft.server.proxy.FaultyProxy;
import io.weft.storage.object.s3.S3Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Control planes and agents on one bucket, each a process that keeps its address when it is killed
/// and started again, and reaches the others and the store through [Links]. Owned by one thread at
/// a time.
final class Cluster implements AutoCloseable {
  /// Below the ports that systems give to outgoing connections: while a process is down, nobody
  /// takes its port, and no client that looks for it meets itself.
  private static final int PORT_MIN = 15_000;

  private static final int PORT_MAX = 32_000;

  private static final List<String> JVM_OPTIONS = List.of("-Xmx256m");

  private static final Pattern DAMAGED =
      Pattern.compile(" io\\.weft\\.agent\\.cache\\.VerifiedBatches .*(?i)damaged");

  private final Path folder;
  private final S3Endpoint endpoint;
  private final String bucket;
  private final List<Member> members;
  private final Map<Member, Integer> ports = new EnumMap<>(Member.class);
  private final Links links;
  private final Map<Member, ChildProcess> processes = new EnumMap<>(Member.class);
  private final Map<Member, List<ChildProcess>> all = new EnumMap<>(Member.class);

  /// @param endpoint where the store is, with the bucket made
  Cluster(Path folder, S3Endpoint endpoint, String bucket, List<Member> members, Random random) {
    this.folder = folder;
    this.endpoint = endpoint;
    this.bucket = bucket;
    this.members = List.copyOf(members);
    for (Member member : members) {
      ports.put(member, freePort(random));
      all.put(member, new ArrayList<>());
    }
    this.links = new Links(ports, port(endpoint.url()), random);
  }

  Links links() {
    return links;
  }

  List<Member> members() {
    return members;
  }

  List<Member> agents() {
    return members.stream().filter(Member::isAgent).toList();
  }

  String address(Member member) {
    return "127.0.0.1:" + ports.get(member);
  }

  /// Where the control planes listen.
  String controlPlanes() {
    return addresses(members.stream().filter(member -> !member.isAgent()).toList());
  }

  String bootstrapServers() {
    return addresses(agents());
  }

  /// Starts a process and does not wait for it.
  void launch(Member member) {
    ChildProcess process =
        WeftProcess.launch(
            folder.resolve(member.name()),
            JVM_OPTIONS,
            arguments(member),
            Map.of(
                "AWS_ACCESS_KEY_ID", endpoint.accessKey(),
                "AWS_SECRET_ACCESS_KEY", endpoint.secretKey(),
                "AWS_REGION", "us-east-1"));
    processes.put(member, process);
    all.get(member).add(process);
  }

  /// Waits until it has said that it is ready.
  ///
  /// @throws IllegalStateException with what it printed, if it ended instead
  void awaitReady(Member member) throws InterruptedException {
    WeftProcess.ready(processes.get(member));
  }

  ChildProcess process(Member member) {
    return processes.get(member);
  }

  /// kill -9 for one that must be running.
  void kill(Member member) throws InterruptedException {
    ChildProcess process = processes.get(member);
    if (!process.isAlive()) {
      throw new IllegalStateException(member + " ended by itself:\n" + process.output());
    }
    process.kill();
  }

  /// What all processes have printed that is an error. That a copy was damaged is to be said where
  /// bits were flipped on the way; whether the file itself is, the bucket tells.
  List<String> errors() {
    List<String> errors = new ArrayList<>();
    all.forEach(
        (member, lives) ->
            lives.stream()
                .flatMap(life -> life.output().lines())
                .filter(line -> line.contains(" ERROR "))
                .filter(line -> links.flips() == 0 || !DAMAGED.matcher(line).find())
                .forEach(line -> errors.add(member + ": " + line)));
    return errors;
  }

  /// Ends all and leaves what they printed in the folder.
  @Override
  public void close() {
    processes.values().forEach(ChildProcess::close);
    links.close();
    try {
      for (Member member : members) {
        List<String> lives = all.get(member).stream().map(ChildProcess::output).toList();
        Files.writeString(folder.resolve(member + ".log"), String.join("\n--- again\n", lives));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> arguments(Member member) {
    if (!member.isAgent()) {
      return List.of(
          "control-plane",
          "--listen",
          address(member),
          "--journal",
          storeUrl(member, "journal"),
          "--leader-lease-ms",
          "1500",
          "--agent-lease-ms",
          "5000",
          "--snapshot-every-entries",
          "100");
    }
    return List.of(
        "agent",
        "--listen",
        address(member),
        "--control-plane",
        links.toControlPlane(member).stream()
            .map(FaultyProxy::address)
            .collect(Collectors.joining(",")),
        "--bucket",
        storeUrl(member, "records"),
        "--zone",
        member.zone(),
        "--flush-interval-ms",
        "100",
        "--cache-bytes",
        Integer.toString(32 << 20));
  }

  private String storeUrl(Member member, String prefix) {
    String url = "http://" + links.toStore(member).address();
    return new S3Endpoint(url, endpoint.accessKey(), endpoint.secretKey()).storeUrl(bucket, prefix);
  }

  private static int port(String url) {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  private String addresses(List<Member> some) {
    return some.stream().map(this::address).collect(Collectors.joining(","));
  }

  private int freePort(Random random) {
    int port = random.nextInt(PORT_MIN, PORT_MAX);
    while (ports.containsValue(port) || !isFree(port)) {
      port = random.nextInt(PORT_MIN, PORT_MAX);
    }
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
