package io.weft.agent.network;

/// What connections may cost.
///
/// @param frameBytesMax longest request frame (`socket.request.max.bytes`)
/// @param connectionsMax connections at once, over all addresses (`max.connections`)
/// @param connectionsPerAddressMax those of one address (`max.connections.per.ip`)
/// @param backlog connections the kernel may hold that are not yet accepted
/// @param requestBytesMax bytes of all requests in flight (`queued.max.request.bytes`)
/// @param connectionBytesMax those of one connection's; a single larger request still gets in
/// @param answersQueuedMax requests of one connection that may wait for their answer
/// @param answerBytesMax bytes of all answers that are built and not yet taken by their peers
///   (`queued.max.response.bytes`)
/// @param connectionAnswerBytesMax those of one connection's; a single larger answer still gets in
/// @param idleMs a connection that does nothing for so long is closed (`connections.max.idle.ms`)
/// @param firstRequestMs time for the first request, from the connection on
/// @param progressMs a half-read frame that gets no byte for so long is closed; a peer that falls
///   so far behind the slowest pace at which answers must be taken is closed too
/// @param drainMs how long requests in flight have when the listener closes
public record NetworkSettings(
    int frameBytesMax,
    int connectionsMax,
    int connectionsPerAddressMax,
    int backlog,
    long requestBytesMax,
    long connectionBytesMax,
    int answersQueuedMax,
    long answerBytesMax,
    long connectionAnswerBytesMax,
    long idleMs,
    long firstRequestMs,
    long progressMs,
    long drainMs) {
  public static final NetworkSettings DEFAULTS =
      new NetworkSettings(
          100 << 20,
          10_000,
          10_000,
          512,
          256L << 20,
          64L << 20,
          1_000,
          128L << 20,
          32L << 20,
          10 * 60_000L,
          10_000,
          30_000,
          10_000);

  public NetworkSettings {
    if (frameBytesMax <= 0
        || connectionsMax <= 0
        || connectionsPerAddressMax <= 0
        || backlog <= 0
        || requestBytesMax <= 0
        || connectionBytesMax <= 0
        || answersQueuedMax <= 0
        || answerBytesMax <= 0
        || connectionAnswerBytesMax <= 0
        || idleMs <= 0
        || firstRequestMs <= 0
        || progressMs <= 0
        || drainMs < 0) {
      throw new IllegalArgumentException("a network limit that lets nothing through");
    }
  }

  public NetworkSettings withFrameBytesMax(int max) {
    return new NetworkSettings(
        max,
        connectionsMax,
        connectionsPerAddressMax,
        backlog,
        requestBytesMax,
        connectionBytesMax,
        answersQueuedMax,
        answerBytesMax,
        connectionAnswerBytesMax,
        idleMs,
        firstRequestMs,
        progressMs,
        drainMs);
  }

  public NetworkSettings withConnectionsMax(int max, int perAddressMax) {
    return new NetworkSettings(
        frameBytesMax,
        max,
        perAddressMax,
        backlog,
        requestBytesMax,
        connectionBytesMax,
        answersQueuedMax,
        answerBytesMax,
        connectionAnswerBytesMax,
        idleMs,
        firstRequestMs,
        progressMs,
        drainMs);
  }

  public NetworkSettings withBytesInFlight(long ofAll, long ofOneConnection) {
    return new NetworkSettings(
        frameBytesMax,
        connectionsMax,
        connectionsPerAddressMax,
        backlog,
        ofAll,
        ofOneConnection,
        answersQueuedMax,
        answerBytesMax,
        connectionAnswerBytesMax,
        idleMs,
        firstRequestMs,
        progressMs,
        drainMs);
  }

  public NetworkSettings withAnswersQueuedMax(int max) {
    return new NetworkSettings(
        frameBytesMax,
        connectionsMax,
        connectionsPerAddressMax,
        backlog,
        requestBytesMax,
        connectionBytesMax,
        max,
        answerBytesMax,
        connectionAnswerBytesMax,
        idleMs,
        firstRequestMs,
        progressMs,
        drainMs);
  }

  public NetworkSettings withAnswerBytes(long ofAll, long ofOneConnection) {
    return new NetworkSettings(
        frameBytesMax,
        connectionsMax,
        connectionsPerAddressMax,
        backlog,
        requestBytesMax,
        connectionBytesMax,
        answersQueuedMax,
        ofAll,
        ofOneConnection,
        idleMs,
        firstRequestMs,
        progressMs,
        drainMs);
  }

  public NetworkSettings withTimes(long idle, long firstRequest, long progress, long drain) {
    return new NetworkSettings(
        frameBytesMax,
        connectionsMax,
        connectionsPerAddressMax,
        backlog,
        requestBytesMax,
        connectionBytesMax,
        answersQueuedMax,
        answerBytesMax,
        connectionAnswerBytesMax,
        idle,
        firstRequest,
        progress,
        drain);
  }
}
